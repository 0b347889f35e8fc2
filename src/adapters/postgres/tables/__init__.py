"""Tables, one module a context. `SubscriptionRow`-like classes never leave `adapters.postgres`."""
