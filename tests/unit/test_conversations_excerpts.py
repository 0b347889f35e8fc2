"""Excerpts of what a search found."""

from hypothesis import given
from hypothesis import strategies as st

from application.shared.excerpts import excerpt, words_of


def marked(text: str, query: str, **more) -> tuple[str, list[str]]:
    cut = excerpt(text, query, **more)
    return cut.text, [cut.text[span.start : span.end] for span in cut.spans]


def test_marks_words_by_their_beginning_in_any_case():
    assert marked("Two WINTER tyres", "wint two") == ("Two WINTER tyres", ["Two", "WINTER"])


def test_cuts_around_the_first_hit_at_blanks():
    text = "word " * 100 + "needle " + "word " * 100

    cut, found = marked(text, "needle", width=60)

    assert found == ["needle"]
    assert len(cut) <= 60
    assert cut.startswith("word ")
    assert cut.endswith("word")


def test_cuts_words_without_blanks():
    cut, found = marked("x" * 500 + " needle", "needle", width=50)

    assert (len(cut), found) == (50, ["needle"])


def test_marks_similar_words_where_none_is_the_same():
    assert marked("The Volkswagen", "volkswagne") == ("The Volkswagen", ["Volkswagen"])


def test_marks_nothing_where_nothing_is_like_it():
    assert marked("The Volkswagen", "zzz") == ("The Volkswagen", [])
    assert marked("The Volkswagen", "!!!") == ("The Volkswagen", [])
    assert marked("", "golf") == ("", [])


def test_knows_the_words_of_a_search():
    assert words_of('Winter-Tyres "ÄÖÜ" 14!') == ("winter", "tyres", "äöü", "14")


@given(st.text(max_size=600), st.text(max_size=20), st.integers(10, 300))
def test_never_marks_outside_of_the_excerpt(text, query, width):
    cut = excerpt(text, query, width=width)

    assert cut.text in text
    assert len(cut.text) <= max(width, 1)
    assert all(0 <= span.start < span.end <= len(cut.text) for span in cut.spans)
