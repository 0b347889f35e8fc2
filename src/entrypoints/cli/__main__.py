"""`python -m entrypoints.cli`, for processes that start one another."""

from entrypoints.cli.main import main

main()
