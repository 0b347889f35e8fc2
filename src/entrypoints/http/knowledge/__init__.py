"""Sources of facts over HTTP."""
