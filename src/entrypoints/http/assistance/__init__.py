"""The assistant's door: asking for drafts, and deciding on them."""
