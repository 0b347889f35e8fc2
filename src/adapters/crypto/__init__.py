"""Cryptography from libraries, behind ports: password hashes, signed tokens."""
