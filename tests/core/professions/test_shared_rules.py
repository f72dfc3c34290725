"""Rules that many professions take: id, law, and the numbers of the items in each list."""

from __future__ import annotations

import pytest

from meibo.errors import Finding, PluginError
from meibo.professions.compiled import Profession, compile_profession
from meibo.professions.rules import Record, rule, shared_rule
from tests.core.professions.dancers import Practice, plugin


def dancers(*rules: object) -> Profession:
    return compile_profession(plugin(rules=rules))


@shared_rule("practice.colour", ja="青は選べない。")
def no_blue(practice: Practice) -> Finding | None:
    """Blue is refused. A second sentence."""
    return Finding("colour", "青は選べません。", "Blue is not allowed.") if practice.colour == "2" else None


@shared_rule("register.remarks", "register.correction_date", "register.correction_reason", ja="何もない。")
def nothing(register: object) -> None:
    """Finds nothing."""


@shared_rule("register.shoe_size", ja="何もない。")
def lost(register: object) -> None:
    """Rests on an item of another profession."""


def test_each_profession_takes_it_under_its_own_code_and_law() -> None:
    profession = dancers(no_blue("dancer", "踊り手法3条"))
    [rule] = profession.rules
    number = next(n.number for n in profession.numbered if n.item.name == "colour")
    assert (rule.id, rule.cites, rule.texts) == (
        "dancer.no_blue",
        f"踊り手法3条、item {number}",
        ("青は選べない。", "Blue is refused. A second sentence."),
    )
    record = Record({**profession.empty().groups, "practice": Practice.of(colour="2")})
    [found] = rule.findings(record, None, "register", None)  # type: ignore[arg-type]
    assert (found.rule, found.cites, found.path) == (rule.id, rule.cites, ("practice", "colour"))


def test_items_are_cited_by_their_numbers_with_runs_drawn_together() -> None:
    profession = dancers(nothing("dancer"))
    numbers = {n.item.name: n.number for n in profession.numbered if n.group == "register"}
    first, last = numbers["correction_date"], numbers["remarks"]
    assert last == first + 2
    assert [rule.cites for rule in profession.rules] == [f"items {first}-{last}"]


def test_an_item_that_the_profession_lacks_is_refused() -> None:
    with pytest.raises(PluginError) as refused:
        dancers(lost("dancer"))
    assert refused.value.en == (
        "The plugin 'dancer' names 'register.shoe_size' in rules, which is no item of its groups."
    )


def test_a_parameter_that_goes_by_name_alone_is_refused() -> None:
    def shy(*, register: object) -> None:
        """Finds nothing."""

    with pytest.raises(PluginError) as refused:
        rule("dancer.shy", cites="踊り手法3条")(shy)
    assert (
        refused.value.en
        == "The rule 'dancer.shy' takes 'register' by name alone: leave out the '*' before it."
    )
