"""Public ids: a prefix and 26 characters, both ways."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import NotFound
from domain.shared.ids import PREFIXES, id_pattern, private_id, public_id


@given(st.uuids(), st.sampled_from(sorted(PREFIXES)))
def test_goes_out_and_comes_back(value: UUID, prefix: str) -> None:
    name = public_id(prefix, value)

    assert private_id(prefix, name) == value
    assert re.fullmatch(id_pattern(prefix), name)


@given(st.lists(st.uuids(), min_size=2, max_size=5))
def test_sorts_as_the_uuid_does(values: list[UUID]) -> None:
    assert sorted(public_id("msg", value) for value in values) == [public_id("msg", value) for value in sorted(values)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "usr_",
        "usr",
        "wsp_01jd3k0000000000000000000a",
        "usr_81jd3k0000000000000000000a",
        "usr_01jd3k000000000000000000",
        "usr_01JD3K0000000000000000000A",
        "usr_01jd3k000000000000000000il",
        "usr_01jd3k0000000000000000000a\n",
        "usr_usr_01jd3k0000000000000000000a",
    ],
)
def test_finds_nothing_behind_a_name_that_is_none(text: str) -> None:
    with pytest.raises(NotFound):
        private_id("usr", text)


def test_matches_the_published_shape() -> None:
    # Source: TypeID specification, valid.json: "max-valid" and "example".
    assert public_id("usr", UUID(int=0)) == "usr_" + "0" * 26
    assert public_id("usr", UUID(int=2**128 - 1)) == "usr_7" + "z" * 25
    assert public_id("usr", UUID("01890a5d-ac96-774b-bcce-b302099a8057")) == "usr_01h455vb4pex5vsknk084sn02q"
