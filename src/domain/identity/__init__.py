"""Who people are, which workspaces they belong to, and what they may do there."""
