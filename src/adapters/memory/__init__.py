"""In memory: the same ports as PostgreSQL for fast tests, held to the same contract suite."""
