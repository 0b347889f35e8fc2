"""Conversations and messages on PostgreSQL: aggregates in modules of their names, lists in `queries` and `listing`."""
