"""Two versions of a plugin: every change with what it touches, and whom it breaks."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from types import new_class
from typing import Annotated, Any

import pytest
from click.testing import CliRunner

from meibo.cli import cli
from meibo.errors import PluginError
from meibo.items.declaration import Cardinality, Privacy, item
from meibo.plugin import Certificate, Claim, Code, CodeList, Group
from meibo.professions.comparing import compare
from meibo.professions.compiled import compile_profession
from tests import veterinarian
from tests.core.professions.dancers import COLOURS, DancerRegister, DancerRegisterEnd, Practice, plugin
from tests.core.testing.test_kit import distribution
from tests.veterinarian.second import second

TEXT: Any = Annotated[str | None, Privacy.PERSONAL]
WHOLE: Any = Annotated[str, Privacy.PERSONAL]
NUMBER: Any = int | None
CODE: Any = Code | None
OPEN: Any = str | None
TINTS = CodeList("colours", {"1": ("赤", "red"), "3": ("緑", "green")})


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What compare tells of two dancers."""
    ours, theirs = (compile_profession(plugin(version=v, **c)) for v, c in (("1", old), ("2", new)))
    return [str(change) for change in compare(ours, theirs)]


def practice(**declared: Any) -> dict[str, Any]:
    """Dancers whose practice has other items: those of `declared` with their annotations."""
    body = {name: value for name, (_, value) in declared.items()}
    body |= {"__annotations__": {name: kind for name, (kind, _) in declared.items()}, "__module__": __name__}
    told = {"title": "稽古", "en": "Practice", "purpose": "a test", "source": "a test", "erasure": "keep"}
    made = new_class("Practice", (Group,), told, lambda space: space.update(body))
    return {"groups": (DancerRegister, made, DancerRegisterEnd), "rules": ()}


MEMO = practice(memo=(TEXT, item("メモ", en="Memo", max_length=100)))
COLOUR = practice(colour=(CODE, item("色", en="Colour", codes=COLOURS)))
TABLE = "table dancer_practice; API DancerLicence.practice"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (MEMO, MEMO, []),
        (
            MEMO,
            practice(memo=(WHOLE, item("メモ", en="Memo", max_length=50))),
            [
                f"practice.memo: max_length 100 became 50; {TABLE}.memo; breaks clients",
                f"practice.memo: optional became required; {TABLE}.memo; breaks clients, rows",
            ],
        ),
        (
            MEMO,
            practice(note=(TEXT, item("メモ", en="Memo", max_length=100))),
            [f"practice.memo: renamed to note; {TABLE}.memo; breaks clients, rows"],
        ),
        (
            MEMO,
            practice(memo=(NUMBER, item("メモ", en="Notes", clear="why not"))),
            [
                "practice.memo: kind text became integer; table dancer_practice.memo;"
                " API DancerLicence.practice.memo; breaks clients, rows",
                "practice.memo: max_length 100 became none; table dancer_practice.memo;"
                " API DancerLicence.practice.memo; breaks nothing",
                "practice.memo: privacy personal became public; table dancer_practice.memo;"
                " API DancerLicence.practice.memo; breaks nothing",
                "practice.memo: storage sealed became clear; table dancer_practice.memo;"
                " API DancerLicence.practice.memo; breaks rows",
                "practice.memo: label changed; table dancer_practice.memo;"
                " API DancerLicence.practice.memo; breaks nothing",
            ],
        ),
        (
            COLOUR,
            practice(colour=(CODE, item("色", en="Colour", codes=TINTS))),
            [
                f"practice.colour: the list colours lost 2; {TABLE}.colour; breaks clients, rows",
                f"practice.colour: the list colours gained 3; {TABLE}.colour; breaks nothing",
            ],
        ),
        (
            MEMO,
            practice(
                first=(OPEN, item("一", en="First")),
                memo=(TEXT, item("メモ", en="Memo", max_length=100)),
            ),
            [f"practice.first: added; {TABLE}.first; breaks nothing"],
        ),
        (
            MEMO,
            {"groups": (DancerRegister, DancerRegisterEnd), "rules": ()},
            [f"practice.memo: removed; {TABLE}.memo; breaks clients, rows"],
        ),
    ],
    ids=["same", "limits", "renamed", "kind", "codes", "added", "removed"],
)
def test_items(old: dict[str, Any], new: dict[str, Any], told: list[str]) -> None:
    assert changes(old, new) == told


def test_items_that_change_places() -> None:
    ahead = (Practice, DancerRegister, DancerRegisterEnd)
    moved = changes({"groups": (DancerRegister, Practice, DancerRegisterEnd)}, {"groups": ahead})
    assert {line.split("; ")[0] for line in moved} == {
        f"practice.{name}: moved in the official list: its number is another" for name in Practice.items
    }
    assert all(line.endswith("breaks nothing") for line in moved)


def test_certificates() -> None:
    old = Certificate("urn:1", (Claim("name", "register.family_name"), Claim("memo", "practice.memo")))
    new = Certificate("urn:2", (Claim("name", "register.family_name", disclosable=False),))
    assert changes({"certificate": old}, {"certificate": new}) == [
        "certificate: type urn:1 became urn:2; breaks certificates",
        "certificate.name: claim is always shown now; claim name; breaks certificates",
        "certificate.memo: claim removed; claim memo; breaks certificates",
    ]
    assert changes({"certificate": None}, {"certificate": new}) == ["certificate: added; breaks nothing"]


def test_a_claim_of_another_item() -> None:
    old = Certificate("urn:1", (Claim("name", "register.family_name"), Claim("full_name")))
    new = Certificate(
        "urn:1", (Claim("name", "register.given_name"), Claim("full_name", label=("名前", "Name")))
    )
    assert changes({"certificate": old}, {"certificate": new}) == [
        "certificate.name: claim is read from register.given_name now; claim name; breaks certificates",
        "certificate.name: label of the claim changed; claim name; breaks nothing",
        "certificate.full_name: label of the claim changed; claim full_name; breaks nothing",
    ]


def test_upcasts_keep_the_rows_whole() -> None:
    first, new = (module.meibo_profession() for module in (veterinarian, second()))
    found = compare(compile_profession(replace(first, version="1")), compile_profession(new))
    renamed = {c.path: c.breaks for c in found if c.what.startswith("renamed")}
    assert renamed == {"practice_report.workplace_name": ("clients",)}
    [kind] = [c for c in found if c.what == "kind partial_date became date"]
    assert (kind.path, kind.breaks) == ("register.birth_date", ("clients", "certificates"))


def test_two_professions_are_not_compared() -> None:
    with pytest.raises(PluginError) as refused:
        compare(compile_profession(plugin()), compile_profession(veterinarian.meibo_profession()))
    assert refused.value.en == "'dancer' and 'veterinarian' are two professions: name two versions of one."


def written(folder: Path, *, label: str, more: str = "") -> Path:
    """A distribution of carvers."""
    package = distribution(folder, "carver")
    (package / "__init__.py").write_text(
        "from datetime import date\n"
        "from meibo.plugin import Group, Personal, ProfessionPlugin, hookimpl, item\n"
        'class CarverRegister(Group, title="名簿", en="R", purpose="p", source="s", erasure="e"):\n'
        '    registration_number: str = item("番号", en="Number", clear="finds")\n'
        '    registration_date: date = item("登録日", en="Date", clear="lists")\n'
        f'    family_name: Personal[str | None] = item("{label}", en="Name")\n{more}'
        "@hookimpl\n"
        "def meibo_profession():\n"
        '    return ProfessionPlugin(code="carver", core=">=0.1", name=("彫師", "Carver"),\n'
        '        register_name=("名簿", "R"), groups=(CarverRegister,))\n',
        "utf-8",
    )
    return folder


def test_the_command_compares_a_wheel_with_a_folder(tmp_path: Path) -> None:
    old = written(tmp_path / "old", label="姓")
    wheel = tmp_path / "meibo_carver-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(old / "meibo_carver" / "__init__.py", "meibo_carver/__init__.py")
        archive.writestr("meibo_carver-1.0.dist-info/METADATA", "Name: meibo-carver\nVersion: 1.0\n")
        archive.writestr(
            "meibo_carver-1.0.dist-info/entry_points.txt", "[meibo.plugins]\ncarver = meibo_carver\n"
        )
    relabelled = written(tmp_path / "new", label="氏")
    required = written(tmp_path / "next", label="姓", more='    birth: str = item("生", en="Birth")\n')
    same = CliRunner().invoke(cli, ["plugin", "diff", str(wheel), str(old)])
    assert (same.exit_code, same.stdout) == (0, "")
    label = CliRunner().invoke(cli, ["plugin", "diff", str(wheel), str(relabelled)])
    line = "register.family_name: label changed; table carver_register; API CarverLicence.register.familyName"
    assert (label.exit_code, label.stdout) == (0, f"{line}; breaks nothing\n")
    broken = CliRunner().invoke(cli, ["plugin", "diff", str(wheel), str(required), "--json"])
    assert broken.exit_code == 1
    [told] = json.loads(broken.stdout)
    assert (told["path"], told["what"], told["breaks"]) == (
        "register.birth",
        "added, and required",
        ["clients", "rows"],
    )


def test_a_group_that_stands_otherwise() -> None:
    listed = practice(memo=(TEXT, item("メモ", en="Memo", max_length=100)))
    listed["groups"][1].cardinality = Cardinality.LIST
    found = changes(MEMO, listed)
    assert found == [
        "practice.memo: its group stood as one and stands as list; table dancer_practice;"
        " API DancerLicence.practice.memo; breaks clients, rows"
    ]
