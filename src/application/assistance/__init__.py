"""AI suggestions: drafting, verifying and deciding on replies."""
