"""What stands before every route: request ids, limits on the wire, authentication and policy, headers, one log line."""
