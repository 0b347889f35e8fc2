"""Conversations and messages over HTTP."""
