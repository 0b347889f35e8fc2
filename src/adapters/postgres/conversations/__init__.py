"""Conversations and messages on PostgreSQL: aggregates in `repositories`, lists in `queries` and `listing`."""
