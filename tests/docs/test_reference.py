"""The generated pages: complete, as committed, and a changed one is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from meibo.access.permissions import ROLES, Permission, Role
from meibo.cli import cli
from meibo.errors import FindingCode, OperatorError
from meibo.host import Host
from meibo.items.kinds import KINDS
from meibo.reference import markdown, pages
from meibo.reference.developing import hooks
from meibo.reference.errors import FINDINGS, classes
from meibo.settings import describe
from meibo_graphql.sanitizing import ErrorCode
from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def made(all_professions: Host) -> pages.Pages:
    return pages.pages(all_professions, cli)


def cells(text: str, column: int = 0) -> list[str]:
    """A column of every table of a page."""
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row[column].strip("| ") for row in rows if len(row) > column]


def test_the_committed_pages_are_what_the_code_says(made: pages.Pages) -> None:
    assert pages.differing(made, ROOT / pages.FOLDER) == []


def test_making_them_again_gives_the_same_bytes(made: pages.Pages, all_professions: Host) -> None:
    assert pages.pages(all_professions, cli) == made


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("settings.md", [name for name, _, _ in describe()]),
        ("permissions.md", [p.value for p in Permission]),
        ("errors.md", [*FindingCode, *(c.__name__ for c in classes())]),
        ("api-errors.md", [c.value for c in ErrorCode]),
        ("kinds.md", [kind.name for kind in KINDS]),
    ],
)
def test_every_name_has_its_row(made: pages.Pages, page: str, named: list[str]) -> None:
    assert [name for name in named if f"`{name}`" not in cells(made[page])] == []


def test_every_hook_has_its_section(made: pages.Pages) -> None:
    assert [name for name, _ in hooks()] == [
        "meibo_profession",
        "meibo_code_rows",
        "meibo_connectors",
        "meibo_demo_values",
    ]
    assert [name for name, _ in hooks() if f"\n## `{name}(" not in made["hooks.md"]] == []


def test_every_finding_has_a_meaning() -> None:
    assert set(FINDINGS) == set(FindingCode)


def test_roles_are_told_as_they_are(made: pages.Pages) -> None:
    rows = {
        row[0].strip("| `"): row[1:]
        for row in (line.split(" | ") for line in made["permissions.md"].splitlines())
    }

    for permission in Permission:
        told = [cell.strip("| ") == "yes" for cell in rows[permission]]
        assert told == [permission in ROLES[role] for role in Role], permission


def test_a_profession_has_every_item_rule_basis_and_fee(made: pages.Pages, all_professions: Host) -> None:
    for profession in all_professions.professions.values():
        text, plugin = made[f"professions/{profession.code}.md"], profession.plugin
        rows = [
            *(f"| {n.number} | `{n.item.name}` | {n.item.label} |" for n in profession.numbered),
            *(f"| `{r.id}` | " for r in profession.rules),
            *(f"| `{b.id}` | {b.law} | {b.article} |" for b in plugin.legal_bases),
            *(f"| `{f.procedure}` | {f.channel} | {f.yen:,} yen |" for f in plugin.fees),
        ]
        numbers = cells(text)

        assert [row for row in rows if row not in text] == []
        assert [n.number for n in profession.numbered if numbers.count(str(n.number)) != 1] == []


def test_a_row_says_how_an_item_is_stored_and_why(made: pages.Pages) -> None:
    split = [line.strip("| ").split(" | ") for line in made["professions/doctor.md"].splitlines()]
    rows = {row[1]: row for row in split if len(row) > 6}

    assert rows["`registration_number`"][4:7] == [
        "text", "clear: tells entries apart and finds them; it says nothing of the person", "personal"
    ]  # fmt: skip
    assert rows["`family_name`"][4:7] == ["text", "sealed", "personal"]
    assert rows["`fine_category`"][4:7] == ["code", "sealed", "sensitive"]
    assert rows["`agency_code`"][4:7] == ["institution_code", "vault", "personal"]


def test_every_command_has_its_section(made: pages.Pages) -> None:
    sections = [
        line.removeprefix("## ") for line in made["commands.md"].splitlines() if line.startswith("## ")
    ]

    assert {"meibo docs", "meibo audit verify", "meibo serve", "meibo token issue"} <= set(sections)
    assert len(sections) == len(set(sections))


@pytest.fixture
def written(made: pages.Pages, tmp_path: Path) -> Path:
    assert pages.write(made, tmp_path) == list(made)
    return tmp_path


def test_writing_twice_writes_nothing(made: pages.Pages, written: Path) -> None:
    assert pages.write(made, written) == []


def changed(folder: Path) -> str:
    (folder / "hooks.md").write_text(f"{markdown.MARK}\n\n# Other hooks\n", "utf-8")
    return "hooks.md"


def missing(folder: Path) -> str:
    (folder / "settings.md").unlink()
    return "settings.md"


def left_over(folder: Path) -> str:
    (folder / "professions" / "gone.md").write_text(f"{markdown.MARK}\n\n# Gone\n", "utf-8")
    return "professions/gone.md"


@pytest.mark.parametrize("spoil", [changed, missing, left_over])
def test_a_page_that_differs_is_named_with_the_command(
    made: pages.Pages, written: Path, spoil: object
) -> None:
    assert callable(spoil)
    name = spoil(written)
    with pytest.raises(OperatorError) as refused:
        pages.check(made, written)

    assert (
        refused.value.en
        == f"Not what the code says: {written / name}. Run `meibo docs` and look at the change."
    )
    assert pages.write(made, written) == [name]
    pages.check(made, written)


def test_a_page_written_by_hand_is_left_alone(made: pages.Pages, written: Path) -> None:
    (written / "glossary.md").write_text("# Glossary\n", "utf-8")

    pages.check(made, written)
    assert pages.write(made, written) == []
    assert (written / "glossary.md").read_text("utf-8") == "# Glossary\n"


def test_the_command_writes_then_agrees_then_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()

    assert runner.invoke(cli, ["docs"]).exit_code == 0
    assert runner.invoke(cli, ["docs"]).output == "Nothing to write.\n"
    assert runner.invoke(cli, ["docs", "--check"]).exit_code == 0
    changed(tmp_path / pages.FOLDER)
    objection = runner.invoke(cli, ["docs", "--check"]).exception
    assert isinstance(objection, OperatorError)
    assert objection.en == (
        "Not what the code says: docs/reference/hooks.md. Run `meibo docs` and look at the change."
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("a|b", "a\\|b"), ("two\nlines", "two lines"), ("<data>", "&lt;data>"), ("`<x>`", "`<x>`")],
)
def test_cells_break_no_table(cell: str, shown: str) -> None:
    assert markdown.table(("h",), [(cell,)]) == f"| h |\n|---|\n| {shown} |"
