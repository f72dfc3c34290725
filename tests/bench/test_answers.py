"""Answers are equal once wrappers are off, and a difference is named by its place."""

from __future__ import annotations

from bench.answers import difference, only, plain

OURS = {
    "doctorLicences": {
        "nodes": [
            {
                "id": "opaque-1",
                "state": "REGISTERED",
                "register": {
                    "birthDate": {"value": "1980-01-02"},
                    "prefecture": {"code": "13", "name": "東京都"},
                    "sexCode": None,
                },
                "dispositions": [{"kind": {"code": "01"}}],
            }
        ],
        "pageInfo": {"hasNextPage": True, "endCursor": "sealed"},
    }
}
THEIRS = {
    "allDoctors": {
        "nodes": [
            {
                "id": "1",
                "state": "REGISTERED",
                "birthDate": "1980-01-02",
                "prefecture": {"code": "13", "name": "東京都"},
                "sexCode": None,
                "dispositions": {"nodes": [{"kind": "01"}]},
            }
        ],
        "pageInfo": {"hasNextPage": True, "endCursor": "other"},
    }
}


def opened(id: str) -> str:
    return id.removeprefix("opaque-")


def test_wrappers_groups_and_cursors_make_no_difference() -> None:
    ours, theirs = plain(only(OURS), opened), plain(only(THEIRS), opened)
    assert difference({"ours": ours, "theirs": theirs}) is None
    assert ours["nodes"][0]["birthDate"] == "1980-01-02"


def test_a_difference_is_named() -> None:
    other = plain(only(THEIRS), opened)
    other["nodes"][0]["dispositions"][0]["kind"] = "02"
    told = {"ours": plain(only(OURS), opened), "theirs": other}
    assert difference(told) == "theirs differs from ours at .nodes[0].dispositions[0].kind"


def test_a_field_too_few_is_a_difference() -> None:
    other = plain(only(THEIRS), opened)
    del other["nodes"][0]["state"]
    told = {"ours": plain(only(OURS), opened), "theirs": other}
    assert difference(told) == "theirs differs from ours at .nodes[0] (fields ['state'])"


def test_a_row_too_few_is_a_difference() -> None:
    other = plain(only(THEIRS), opened) | {"nodes": []}
    told = {"ours": plain(only(OURS), opened), "theirs": other}
    assert difference(told) == "theirs differs from ours at .nodes"
