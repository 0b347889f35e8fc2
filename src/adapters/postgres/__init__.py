"""PostgreSQL: one pool, one transaction class, statements compiled once, row-level security behind every query."""
