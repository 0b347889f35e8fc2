"""Operations on PostgreSQL: jobs inside a transaction, the ledger across workspaces, views, housekeeping."""
