"""Compiling a profession: numbers, parts, and a sentence for every promise that does not hold."""

from __future__ import annotations

from datetime import date
from types import new_class
from typing import Any

import pytest

from meibo.errors import Finding, FindingCode, PluginError
from meibo.items.declaration import Cardinality, Group, Personal, headed, item  # noqa: F401 - named in hints
from meibo.items.kinds import Storage
from meibo.plugin import (
    Certificate,
    Claim,
    Code,
    Effect,
    EraDate,
    Holder,
    LicenceType,
    Measure,
    MeasureKind,
    Numbers,
    PaperNumbers,
    PassLists,
    Procedure,
    ReceivingOffice,
    Term,
    rule,
)
from meibo.professions.catalogue import catalogue
from meibo.professions.compiled import Profession, compile_profession
from meibo.professions.rules import Record
from tests.core.professions.dancers import PLUGIN, DancerRegister, DancerRegisterEnd, Practice, plugin

DAY = date(2026, 4, 1)


@pytest.fixture
def dancers() -> Profession:
    return compile_profession(PLUGIN)


def test_items_are_numbered_in_the_order_of_groups_and_parts(dancers: Profession) -> None:
    numbered = [(n.number, n.group, n.item.name) for n in dancers.numbered][2:19]
    names = [
        *(("register", name) for name in DancerRegister.items),
        *(("practice", name) for name in Practice.items),
        *(("register", name) for name in DancerRegisterEnd.items),
    ]
    assert numbered == [(place, group, name) for place, (group, name) in enumerate(names, 3)]
    assert [n.number for n in dancers.numbered] == list(range(1, len(dancers.numbered) + 1))


def test_identity_comes_first_by_itself(dancers: Profession) -> None:
    assert [n.item.kind.name for n in dancers.numbered[:2]] == ["pseudonym", "pseudonym"]


def test_parts_are_one_group_with_one_record(dancers: Profession) -> None:
    spec = dancers.groups["register"]
    assert list(spec.items) == [*DancerRegister.items, *DancerRegisterEnd.items]
    record = spec.type.of(registration_number="1", remarks="一")
    assert isinstance(record, DancerRegister)
    assert dict(record.values()) == {"registration_number": "1", "remarks": "一"}
    assert spec.type.about == DancerRegister.about


def test_a_profession_is_compiled_again_alike_and_its_declaration_stays(dancers: Profession) -> None:
    again = compile_profession(PLUGIN)
    assert again.numbered == dancers.numbered
    assert list(again.groups["register"].items) == list(dancers.groups["register"].items)
    assert "remarks" not in DancerRegister.items


def test_groups_by_cardinality(dancers: Profession) -> None:
    assert [g.key for g in dancers.content_groups] == ["identity", "register", "practice"]
    assert [g.key for g in dancers.code_tables] == ["licence_type_master"]
    assert [g.key for g in dancers.groups.values() if g.cardinality is Cardinality.VAULT] == ["numbers"]
    assert [path for path, _ in dancers.indexes] == ["register", "register", "practice"]


@pytest.mark.parametrize(
    ("changed", "file", "keeps"),
    [
        ({}, "dancer", True),
        ({"file": "medical"}, "medical", True),
        ({"groups": PLUGIN.groups[:-1]}, "", False),
        ({"groups": PLUGIN.groups[:-1], "file": "medical"}, "", False),
    ],
)
def test_the_file_of_the_numbers(changed: dict[str, Any], file: str, keeps: bool) -> None:
    profession = compile_profession(plugin(**changed))
    assert (profession.file, profession.keeps_numbers) == (file, keeps)


def test_items_by_path(dancers: Profession) -> None:
    found = dancers.item("register.remarks")
    assert found is not None
    assert found.label == "備考"
    assert [dancers.item(path) for path in ("register.nothing", "nothing.remarks", "register", "")] == [
        None
    ] * 4


class Clashing(Group, title="別", en="Other", purpose="-", source="-", erasure="-", key="dancer_practice"):
    """Another group under the key of the practice."""

    other: str | None = item("別", en="Other")


class Places(
    Group, title="順位", en="Places", purpose="-", source="-", erasure="-", cardinality=Cardinality.LIST
):
    """A list with a column that core has too."""

    position: int | None = item("順位", en="Place", clear="a test")


class LonelyEra(Group, title="元号", en="Era", purpose="-", source="-", erasure="-"):
    """A pair whose era is missing."""

    started_date: EraDate | None = item("開始", en="Began", era="started_era")


class EraThatIsNone(Group, title="元号", en="Era", purpose="-", source="-", erasure="-"):
    """A pair whose era is a code."""

    started_era: Code | None = item("元号", en="Era")
    started_date: EraDate | None = item("開始", en="Began", era="started_era")


class Untold(Group, title="別", en="Other", source="-", erasure="-"):
    """A part that is listed as if it were a group."""


class Nothing(
    Group, title="眺め", en="View", purpose="-", source="-", erasure="-", cardinality=Cardinality.VIEW
):
    """A view of nothing."""


def view(of: str, name: str, hint: str, derived: str = "") -> type[Group]:
    """A view that shows one item."""
    declared = item("表示", en="Shown", derived=derived)
    about = {"title": "眺め", "en": "View", "purpose": "-", "source": "-", "erasure": "-", "view": of}
    space = {"__annotations__": {name: hint}, name: declared, "__module__": __name__}
    return new_class("Shown", (Group,), about, lambda s: s.update(space))


NEITHER = "which is neither a field of its view nor an item that stands once."
VIEWS: list[tuple[type[Group], str]] = [
    (Untold, "The group 'untold' of 'dancer' is listed without purpose: say it in its declaration."),
    (Nothing, "The group 'nothing' of 'dancer' is a view of nothing: name its view."),
    (
        view("history", "count", "int | None", "count"),
        f"shown.count of 'dancer' shows 'count', {NEITHER}",
    ),
    (
        view("history", "nickname", "str | None"),
        f"shown.nickname of 'dancer' shows 'register.nickname', {NEITHER}",
    ),
    (
        view("history", "number", "Personal[str | None]", "numbers.individual_number"),
        f"shown.number of 'dancer' shows 'numbers.individual_number', {NEITHER}",
    ),
    (
        view("dispositions", "start", "str | None", "start_date"),
        "shown.start of 'dancer' shows 'start_date', which is of the kind date: give it the same.",
    ),
    (
        view("history", "family_name", "str | None"),
        "shown.family_name of 'dancer' shows 'register.family_name', which is personal: mark it the same.",
    ),
    (
        view("daily_count", "sex_code", "Personal[Code | None]"),
        "shown.sex_code of 'dancer' shows 'register.sex_code', by which nothing is counted: choose a clear item"
        " that is not personal.",
    ),
    (
        view("daily_count", "colour", "Code | None", "practice.colour"),
        "shown.colour of 'dancer' shows 'practice.colour', by which nothing is counted: choose a clear item"
        " that is not personal.",
    ),
]


@rule("dancer.lost", cites="-")
def lost(reeducation: Practice) -> Finding | None:
    """Wants a group of another profession."""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "Dancer"}, "The plugin code 'Dancer' is not lower_snake_case: choose another."),
        ({"code": "d"}, "The plugin code 'd' is not lower_snake_case: choose another."),
        ({"code": "dancer\n"}, "The plugin code 'dancer\\n' is not lower_snake_case: choose another."),
        (
            {"groups": (*PLUGIN.groups, Practice)},
            "The plugin 'dancer' lists the group 'practice' twice: name parts with part_of.",
        ),
        (
            {"groups": (*PLUGIN.groups, Clashing)},
            "The plugin 'dancer' lists the group 'practice' twice: name parts with part_of.",
        ),
        (
            {"groups": (*PLUGIN.groups, Places)},
            "places.position of 'dancer' would be a column of core's own: rename it.",
        ),
        (
            {"number": "register.no"},
            "The plugin 'dancer' names 'register.no' in number, which is no item of its groups.",
        ),
        (
            {"pass_lists": PassLists("centre", "register.exam_number")},
            "The plugin 'dancer' names 'register.exam_number' in pass_lists, which is no item of its groups.",
        ),
        (
            {
                "paper_numbers": PaperNumbers("centre"),
                "groups": [each for each in PLUGIN.groups if each is not Numbers],
            },
            "The plugin 'dancer' is sent numbers from paper, and keeps none: list the group of numbers.",
        ),
        (
            {"registered": "register"},
            "The plugin 'dancer' names 'register' in registered, which is no item of its groups.",
        ),
        (
            {"registered": "register.birth_date"},
            "'register.birth_date' of 'dancer' must be a clear date: lists are sorted by it.",
        ),
        (
            {"registered": "register.sex_code"},
            "'register.sex_code' of 'dancer' must be a clear date: lists are sorted by it.",
        ),
        (
            {"effects": {"correct": Effect(clears=("register.x",))}},
            "The plugin 'dancer' names 'register.x' in effects, which is no item of its groups.",
        ),
        (
            {"certificate": Certificate("urn:x", (Claim("x", "register.x"),))},
            "The plugin 'dancer' names 'register.x' in certificate, which is no item of its groups.",
        ),
        (
            {"procedures": (Procedure("p", "申請", "P", gives=("register.x",)),)},
            "The plugin 'dancer' names 'register.x' in procedures, which is no item of its groups.",
        ),
        (
            {"holder": Holder(given_name="register.first_name")},
            "The plugin 'dancer' names 'register.first_name' in holder, which is no item of its groups.",
        ),
        (
            {"receiving_office": ReceivingOffice("register.office", ("県", "Prefecture"))},
            "The plugin 'dancer' names 'register.office' in receiving_office, which is no item of its groups.",
        ),
        (
            {"term": Term("register.fixed", "register.correction_date", "register.correction_date")},
            "The plugin 'dancer' names 'register.fixed' in term, which is no item of its groups.",
        ),
        (
            {"term": Term("register.remarks", "register.correction_date", "register.correction_date")},
            "'register.remarks' of 'dancer' must be a flag: it says that a term runs.",
        ),
        (
            {"term": Term("practice.trial", "register.correction_date", "practice.taught_month")},
            "'practice.taught_month' of 'dancer' must be a date: the end of a term follows from it.",
        ),
        (
            {"effects": {"corect": Effect()}},
            "The plugin 'dancer' has an effect of 'corect', which is no verb: register, correct, reissue, reprimand,"
            " suspend, lift_suspension, revoke, restore, order_reeducation, complete_reeducation, strike_off,"
            " undo_strike_off.",
        ),
        (
            {"reeducation": "reeducaton"},
            "The re-education of 'dancer' rests on 'reeducaton', which is no legal basis of it.",
        ),
        (
            {"measures": (Measure("02", ("停止", "Suspension"), MeasureKind.SUSPENSION, "suspnd"),)},
            "The measure '02' of 'dancer' rests on 'suspnd', which is no legal basis of it.",
        ),
        (
            {"rules": (*PLUGIN.rules, PLUGIN.rules[0])},
            "The plugin 'dancer' declares the rule 'dancer.red_only' twice: rename one of them.",
        ),
        (
            {"procedures": (*PLUGIN.procedures, *PLUGIN.procedures)},
            "The plugin 'dancer' declares the procedure 'correction' twice: rename one of them.",
        ),
        ({"rules": (lost,)}, "The rule 'dancer.lost' wants 'reeducation', which is no group of 'dancer'."),
        (
            {"groups": (*PLUGIN.groups, LonelyEra)},
            "lonely_era.started_date of 'dancer' has its era in 'started_era', which is no era.",
        ),
        (
            {"groups": (*PLUGIN.groups, EraThatIsNone)},
            "era_that_is_none.started_date of 'dancer' has its era in 'started_era', which is no era.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_promises_that_do_not_hold(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        compile_profession(plugin(**changed))
    assert refused.value.en == sentence


@pytest.mark.parametrize(("group", "sentence"), VIEWS, ids=lambda value: getattr(value, "__name__", ""))
def test_views_that_mean_nothing(group: type[Group], sentence: str) -> None:
    with pytest.raises(PluginError) as refused:
        compile_profession(plugin(groups=(*PLUGIN.groups, group)))
    assert refused.value.en == sentence


def test_a_view_shows_what_it_names_and_keeps_nothing() -> None:
    groups = (
        view("daily_count", "day", "date | None", "register.registration_date"),
        view("history", "family_name", "Personal[str | None]"),
    )
    for group in groups:
        profession = compile_profession(plugin(groups=(*PLUGIN.groups, group)))
        [spec] = profession.view_groups
        [shown] = spec.items.values()
        assert (spec.cardinality, shown.storage, shown.settable, shown.required) == (
            Cardinality.VIEW,
            Storage.DERIVED,
            False,
            False,
        )
    assert shown.derived == "register.family_name"


def test_the_catalogue_prints_numbers_headings_and_labels() -> None:
    groups = (headed(DancerRegister, "名簿", registration_number="番号"), DancerRegisterEnd)
    printed = catalogue(compile_profession(plugin(groups=groups, rules=(), effects={})))
    lines = printed.split("\n")
    assert lines[0] == "no\tgroup_ja\tname_ja\tnote_ja"
    assert lines[3] == "3\t名簿\t番号\t"
    assert lines[10:] == [
        "10\t踊り手名簿（続き）\t訂正日\t",
        "11\t踊り手名簿（続き）\t訂正理由\t",
        "12\t踊り手名簿（続き）\t備考\t",
        "",
    ]


def test_a_shared_group_under_another_heading() -> None:
    placed = headed(LicenceType, "職種一覧", licence_type_code="符号")
    profession = compile_profession(plugin(groups=(*PLUGIN.groups[:3], placed)))
    first = next(n for n in profession.numbered if n.group == "licence_type_master")
    assert (first.heading, first.item.label) == ("職種一覧", "符号")
    assert profession.groups["licence_type_master"].shared
    assert not profession.groups["register"].shared


def record(dancers: Profession, **values: object) -> Record:
    return Record(
        {
            "register": dancers.groups["register"].type.of(family_name=values.pop("family_name", "見本")),
            "practice": Practice.of(**values),
        }
    )


def test_rules_sign_what_they_find(dancers: Profession) -> None:
    [found] = dancers.findings(record(dancers, colour="2"), None, "register", DAY)
    assert (found.path, found.rule, found.cites, found.code) == (
        ("practice", "colour"),
        "dancer.red_only",
        "踊り手法3条",
        FindingCode.RULE_BROKEN,
    )
    assert dancers.findings(record(dancers, colour="1"), None, "register", DAY) == []


def test_rules_see_what_was_before_the_procedure_and_the_day(dancers: Profession) -> None:
    before, after = record(dancers), record(dancers, family_name="新見本")
    found = [
        [f.rule for f in dancers.findings(after, previous, procedure, day)]
        for previous, procedure, day in (
            (before, "correct", DAY),
            (None, "correct", DAY),
            (before, "register", DAY),
            (before, "correct", date(1999, 1, 1)),
        )
    ]
    assert found == [["dancer.keeps_name"], [], [], []]


def test_a_record_never_prints_its_values(dancers: Profession) -> None:
    assert repr(record(dancers, memo="機密")) == "Record(register, practice)"


def test_an_unknown_group_of_a_record_is_no_attribute(dancers: Profession) -> None:
    made = record(dancers)
    assert made.register is made.groups["register"]
    assert made.value("nothing.at_all") is None
    with pytest.raises(AttributeError):
        _ = made.nothing


def test_a_pair_of_era_and_date_may_say_when_the_holder_was_registered() -> None:
    profession = compile_profession(plugin(registered="practice.started_date"))
    record = Record({"practice": profession.groups["practice"].type.of(started_date=EraDate("S", "500503"))})
    assert profession.registered_on(record) == date(1975, 5, 3)
    assert profession.registered_on(profession.empty()) is None
