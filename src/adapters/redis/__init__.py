"""Redis (or Valkey): bells that wake workers. Nothing is stored here that PostgreSQL does not know."""
