"""Measuring the assistant on conversations that people had: reading them, altering replies, scoring drafts."""
