"""Levels of an answer: the path of a value, and what an error makes null."""

from __future__ import annotations

from meibo_graphql.reads.places import Level, spread


def lists(nullable: bool) -> tuple[Level, Level, Level]:
    """The levels of `{ licences { a { b } } }` for two lists, of two members and one; `b` must not be null."""
    top = Level.top()
    field = Level(top, range(2), "licences", nullable)
    members = Level(field, [0, 0, 1], [0, 1, 0], nullable)
    some = members.kept([1, 2])
    return field, members, Level(some, range(2), "b", False)


def test_a_path_names_each_key_and_index_from_the_top() -> None:
    field, members, below = lists(nullable=True)
    assert (field.path(1), members.path(1), members.path(2)) == (
        ["licences"],
        ["licences", 1],
        ["licences", 0],
    )
    assert [below.path(place) for place in (0, 1)] == [["licences", 1, "b"], ["licences", 0, "b"]]
    assert Level.top().path(0) == []


def test_an_error_makes_null_the_nearest_that_may_be() -> None:
    field, members, below = lists(nullable=True)
    below.drop(0)
    assert (below.is_gone(0), below.is_gone(1), members.gone, field.gone) == (True, False, {1}, set())
    assert members.settled(["a", "b", "c"]) == ["a", None, "c"]


def test_an_error_that_nothing_holds_makes_all_null() -> None:
    field, members, below = lists(nullable=False)
    below.drop(1)
    assert field.above is not None
    assert (field.above.gone, members.gone, field.gone) == ({1}, set(), set())
    assert (below.is_gone(1), below.is_gone(0)) == (True, False)


def test_values_are_spread_over_their_places() -> None:
    assert spread("ab", [0, 2], 4) == ["a", None, "b", None]
