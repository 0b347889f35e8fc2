"""Running the product: jobs, schedules, the change feed and status."""
