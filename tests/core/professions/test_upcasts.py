"""Upcasts: pure steps, taken in the order of their versions, by values that an earlier version stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from meibo.errors import PluginError
from meibo.plugin import Group, Personal, Upcast, converted, item, renamed
from meibo.professions.compiled import GroupSpec, compile_profession
from meibo.professions.upcasts import Stored, brought_forward
from meibo.register.sealing import joined, load_patch
from tests.core.professions.dancers import Practice, plugin


class Room(Group, title="稽古場", en="Room", purpose="a test", source="a test", erasure="keep"):
    """A group whose items were one, named otherwise, and of another kind."""

    city: Personal[str | None] = item("市", en="City")
    street: Personal[str | None] = item("町", en="Street")
    opened_date: date | None = item("開設日", en="Opened", clear="an office date")
    capacity: int | None = item("定員", en="Capacity")


def split(values: Stored) -> Stored:
    """The address, which was one item, as two."""
    if "address" not in values:
        return values
    city, _, street = (values["address"] or "").partition(" ")
    return {**values, "city": city or None, "street": street or None}


STEPS = (
    Upcast("1.10", "room", split),
    Upcast("1.2", "room", renamed("place", "address")),
    Upcast("2", "room", converted("capacity", int)),
)
SPEC = GroupSpec("room", Room, Room.items, STEPS)
OLD = {"place": "見本市 一番町", "capacity": "40"}


@pytest.mark.parametrize(
    ("written_by", "stored", "present"),
    [
        ("1.1", OLD, {"city": "見本市", "street": "一番町", "capacity": 40}),
        ("1.2", {"address": "見本市"}, {"city": "見本市", "street": None}),
        ("1.9", {"address": None}, {"city": None, "street": None}),
        ("1.10", {"city": "見本市", "capacity": "40"}, {"city": "見本市", "capacity": 40}),
        ("2.0", {"capacity": 40}, {"capacity": 40}),
        ("1.0", {"capacity": None}, {"capacity": None}),
        ("1.0", {}, {}),
    ],
)
def test_an_act_is_brought_forward_from_the_version_that_wrote_it(
    written_by: str, stored: dict[str, Any], present: dict[str, Any]
) -> None:
    assert load_patch({"room": SPEC}, {"room": stored}, written_by) == {"room": present}


def test_a_row_is_brought_forward_with_its_columns() -> None:
    day = date(2020, 4, 1)
    row = {"opened_date": day, "plugin_version": "1.0"}
    assert joined(SPEC, row, OLD) == {
        "city": "見本市",
        "street": "一番町",
        "capacity": 40,
        "opened_date": day,
    }
    assert joined(SPEC, {"opened_date": None, "plugin_version": "2"}, {}) == {"opened_date": None}


def test_an_upcast_leaves_what_it_is_given_as_it_was() -> None:
    def spoil(values: Stored) -> Stored:
        values.clear()  # type: ignore[attr-defined]
        return values

    given = {"address": "見本市"}
    assert brought_forward([Upcast("2", "room", spoil)], given, "1") == {}
    assert given == {"address": "見本市"}


def test_a_failing_upcast_is_named_without_the_value() -> None:
    with pytest.raises(PluginError) as refused:
        brought_forward(STEPS, {"capacity": "機密"}, "1.0")
    assert refused.value.en == "The upcast of 'room' before 2 failed (ValueError): mend it."
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("upcast", "sentence"),
    [
        (
            Upcast("2", "reports", split),
            "An upcast of 'dancer' names 'reports', which is no group of it.",
        ),
        (
            Upcast("two", "practice", split),
            "An upcast of 'dancer' is 'two', which is no version: write one such as 1.2.",
        ),
        (
            Upcast("1.10", "practice", split),
            "An upcast of 'dancer' is for rows before 1.10, and this is 1.9: raise the distribution's version.",
        ),
    ],
)
def test_upcasts_that_can_never_be_right(upcast: Upcast, sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        compile_profession(plugin(version="1.9", upcasts=(upcast,)))
    assert refused.value.en == sentence


def test_a_group_knows_its_own_upcasts() -> None:
    mine, other = Upcast("1", "practice", split), Upcast("1", "register", split)
    groups = compile_profession(plugin(version="1.9", upcasts=(other, mine))).groups
    assert groups["practice"].upcasts == (mine,)
    assert replace(groups["practice"], upcasts=()) == compile_profession(plugin()).groups["practice"]
    assert groups["practice"].type is Practice
