"""Sources: the facts of a workspace that a reply may use."""
