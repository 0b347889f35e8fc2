"""The fact verifier: pure, no model, no clock.

Every sum, number, date, time, plate, VIN, URL, e-mail, phone number and proper name of a reply must rest on an
allowed source, and the details of one offer on ONE row. How it works and how well: `docs/verifier.md`.
"""

from domain.assistance.verifier.verdict import Evidence, Finding, FindingKind, SpanKind, Verdict
from domain.assistance.verifier.verify import verify, verify_text

__all__ = ["Evidence", "Finding", "FindingKind", "SpanKind", "Verdict", "verify", "verify_text"]
