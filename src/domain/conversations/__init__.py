"""Talks with customers: conversations, their messages and their status machine."""
