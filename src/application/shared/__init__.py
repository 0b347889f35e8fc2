"""What use cases share: pages, and answers kept for safe retries."""
