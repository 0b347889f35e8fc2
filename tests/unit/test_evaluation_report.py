"""The verifier's part of the report."""

from application.assistance.evaluation.report import render_verifier
from application.assistance.evaluation.verifying import Caught, RefusalClass, VerifierReport


def test_shows_what_was_refused_and_what_was_caught() -> None:
    report = VerifierReport(
        replies=200,
        refused=3,
        classes=(RefusalClass("unknown name", 2, ("a/1",)), RefusalClass("promise", 1, ("a/2",))),
        caught=(Caught("sibling", "price", 10, 9, ("a/3",)), Caught("invented", "date", 10, 10, ())),
        skipped={},
    )

    text = render_verifier(report)

    assert "| refused | 1.50% | 3 of 200 |" in text
    assert "| - unknown name | 1.00% | 2 |" in text
    assert "| sibling | price | 10 | 9 |" in text
    assert "| **sibling** |  |  | **90.00%** |" in text
    assert "| **all** |  |  | **95.00%** |" in text
