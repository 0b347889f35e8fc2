"""People, workspaces, sessions and machine keys: who is asking."""
