"""Sources on PostgreSQL: aggregates in `repositories`, lists in `queries`."""
