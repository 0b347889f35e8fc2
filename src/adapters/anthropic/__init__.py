"""Anthropic: its Messages API through its SDK, which is imported on first use only."""
