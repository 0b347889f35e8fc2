"""The worker's door: Dramatiq's actors decode an id and run one job; `routes` says which event causes which."""
