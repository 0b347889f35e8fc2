"""Building blocks of tests: servers, and whatever several test files share."""
