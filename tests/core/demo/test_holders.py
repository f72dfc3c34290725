"""Synthetic holders of a profession that core has never heard of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import ModuleType

import pytest

from meibo.demo.holders import Row, holder_rows
from meibo.demo.persons import persons
from meibo.errors import OperatorError, PluginError
from meibo.host import load_host
from meibo.items.declaration import Personal
from meibo.plugin import Finding, Group, SyntheticPerson, hookimpl, item, rule
from meibo.values.eras import EraDate
from tests import veterinarian
from tests.core.professions.dancers import DancerRegister, module, plugin


class Stage(Group, title="舞台", en="Stage", purpose="a test", source="a test", erasure="keep"):
    """What the rules below speak of."""

    stage_name: Personal[str | None] = item("芸名", en="Stage name", max_length=50)
    stage_town: Personal[str | None] = item("舞台の町", en="Town", max_length=50)


@rule("dancer.never", cites="item 10")
def never(stage: Stage) -> Finding | None:
    """Nobody has a stage name."""
    return Finding("stage_name", "芸名は不要です。", "Clear it.") if stage.stage_name else None


@rule("dancer.impossible", cites="item 5")
def impossible(register: DancerRegister) -> Finding:
    """Nobody may be called anything."""
    return Finding("family_name", "姓は不要です。", "Clear it.")


def dancers(*rules: object, hook: Callable[..., object] | None = None, count: int = 40) -> list[Row]:
    """Rows of dancers with these rules and this hook."""
    declared = plugin(groups=(*plugin().groups, Stage), rules=rules)
    made = module(declared)
    if hook:
        made.meibo_demo_values = hookimpl(specname="meibo_demo_values")(hook)  # type: ignore[attr-defined]
    return list(holder_rows(load_host([("dancer", made)], only=()), "dancer", count))


def test_rows_follow_from_kinds_names_and_holder() -> None:
    rows = dancers()
    people = list(persons(40, 1, of="dancer"))
    assert [row["family_name"] for row in rows] == [person.family_name for person in people]
    assert [row["registration_number"] for row in rows][:2] == ["100001", "100002"]
    assert [row["registration_date"] for row in rows] == [p.licensed_date.isoformat() for p in people]
    assert {row["colour"] for row in rows} == {"", "1", "2"}
    assert {row["individual_number"][:4] for row in rows} == {"9999"}
    assert all(EraDate.of(date.fromisoformat(d)) for row in rows if (d := row["started_date"]))
    assert any(row["started_date"] for row in rows)
    assert "started_era" not in rows[0]


def test_the_same_seed_gives_the_same_rows() -> None:
    assert dancers() == dancers()


def test_people_live_before_they_are_licensed() -> None:
    for person in persons(50, 1, of="dancer"):
        assert person.born < person.graduated_date < person.passed_date <= person.received_date
        assert person.received_date <= person.licensed_date


def test_an_optional_item_that_a_finding_names_is_left_out() -> None:
    assert any(row["stage_name"] for row in dancers())
    rows = dancers(never)
    assert not any(row["stage_name"] for row in rows)
    assert any(row["stage_town"] for row in rows)


def test_a_rule_that_nobody_passes_is_named() -> None:
    with pytest.raises(OperatorError) as refused:
        dancers(impossible)
    assert refused.value.en == (
        "No synthetic holder of 'dancer' passes 'dancer.impossible' (register.family_name):"
        " give values with the hook meibo_demo_values."
    )


def test_a_plugin_gives_what_core_cannot_guess() -> None:
    def hook(person: SyntheticPerson, day: date, number: int, values: Mapping[str, str]) -> Mapping[str, str]:
        assert values["registration_number"] == str(number)
        assert day == person.licensed_date
        return {"stage.stage_name": f"{number}代目", "stage_town": ""}

    rows = dancers(hook=hook)
    assert [row["stage_name"] for row in rows][:2] == ["100001代目", "100002代目"]
    assert not any(row["stage_town"] for row in rows)


def test_a_plugin_that_gives_an_unknown_item_is_told_so() -> None:
    with pytest.raises(
        PluginError, match=r"meibo_demo_values of 'dancer' gives 'stage_nmae', which is no item"
    ):
        dancers(hook=lambda number: {"stage_nmae": str(number)})


def test_a_stranger_needs_no_hook() -> None:
    strange: ModuleType = veterinarian
    rows = list(holder_rows(load_host([("veterinarian", strange)], only=()), "veterinarian", 30))
    assert len({row["registration_number"] for row in rows}) == 30
    assert {row["practice_field"] for row in rows} == {"", "1", "2", "9"}
    assert min(row["registration_date"] for row in rows) == "1966-04-01"
