"""Suggestions and provider calls in PostgreSQL."""
