"""What people and machines can do about their identity: sign in, found workspaces, let others in, make keys."""
