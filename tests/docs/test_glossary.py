"""The glossary: one row for a concept, each identifier in the code, and no other word in a public name."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import click
import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNamedType, build_schema
from graphql.type import is_introspection_type, is_specified_scalar_type

from meibo import plugin
from meibo.access.permissions import Permission, Role
from meibo.cli import cli
from meibo.errors import FindingCode, MeiboError
from meibo.hooks import Hooks
from meibo.host import load_host
from meibo.items.declaration import Group
from meibo_graphql.types import camel
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "glossary.md"
SOURCES = [path for folder in ("core", "schema", "plugins") for path in (ROOT / folder).rglob("*.py")]
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


@cache
def tables() -> list[list[list[str]]]:
    """The page's tables: rows of cells, without their headers."""
    found: list[list[list[str]]] = []
    for block in re.findall(r"(?:^\|.*\n)+", PAGE.read_text("utf-8"), re.MULTILINE):
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in block.splitlines()]
        found.append(rows[2:])
    return found


def refused() -> dict[tuple[str, ...], str]:
    """Each refused word, or words in a row, with ours."""
    return {
        tuple(other.split()): row[1]
        for row in tables()[0]
        for other in filter(None, (part.strip() for part in row[3].split(",")))
    }


def words(name: str) -> list[str]:
    """`strikeOffLicence` in words, in the singular."""
    found = [word.lower() for word in WORD.findall(name)]
    return [word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word for word in found]


def offences(name: str) -> Iterator[str]:
    """The refused words of a name, each with the one to use."""
    parts = words(name)
    for other, ours in refused().items():
        length = len(other)
        if any(tuple(parts[n : n + length]) == other for n in range(len(parts))):
            yield f"{name}: say {ours}, not {' '.join(other)}"


# --- Public names ------------------------------------------------------------------------------------------


def of_items() -> set[str]:
    """The items' identifiers, as the catalogue of the official lists proposes them."""
    items = (i.item.name for p in load_host().professions.values() for i in p.numbered)
    return {spelt for name in items for spelt in (name, camel(name))}


def of_schema(path: Path) -> Iterator[str]:
    """Types, fields, arguments and values of an API."""
    for type_ in build_schema(path.read_text("utf-8")).type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_.name
            yield from _inside(type_)


def _inside(type_: GraphQLNamedType) -> Iterator[str]:
    if isinstance(type_, GraphQLEnumType):
        yield from type_.values
    for name, field in getattr(type_, "fields", {}).items():
        yield name
        if not isinstance(type_, GraphQLInputObjectType):
            yield from field.args


def of_commands(command: click.Command, name: str = "meibo") -> Iterator[str]:
    """Commands, their arguments and options."""
    yield name
    yield from (parameter.name or "" for parameter in command.params)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            inner = command.get_command(context, each)
            assert inner is not None
            yield from of_commands(inner, each)


def of_plugins() -> Iterator[str]:
    """What a plugin imports, with the public names inside; the items of shared groups are the catalogue's."""
    for name in plugin.__all__:
        yield name
        value = getattr(plugin, name)
        if inspect.ismodule(value) or (inspect.isclass(value) and not issubclass(value, Group)):
            inner = {*vars(value), *inspect.get_annotations(value)}
            yield from (each for each in inner if not each.startswith("_"))


def of_core() -> Iterator[str]:
    """Permissions, roles, errors and hooks."""
    yield from (
        *Permission,
        *Role,
        *FindingCode,
        *(name for name in vars(Hooks) if name.startswith("meibo_")),
    )
    waiting: list[type[MeiboError]] = [MeiboError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        yield from (error.__name__, error.code)


SCHEMAS = {path.name: path for path in sorted((ROOT / "schema").glob("*.graphql"))}
PLACES: dict[str, Callable[[], Iterator[str]]] = {
    **{name: partial(of_schema, path) for name, path in SCHEMAS.items()},
    "commands": partial(of_commands, cli),
    "meibo.plugin": of_plugins,
    "core": of_core,
}


@pytest.mark.parametrize("place", PLACES)
def test_no_public_name_uses_another_word(place: str) -> None:
    others = {name.strip("`") for row in tables()[1] for name in row[0].split(", ")}
    public = set(PLACES[place]()) - of_items() - others
    assert len(public) > 20
    assert sorted(offence for name in public for offence in offences(name)) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("deleteLicence", "deleteLicence: say striking off, not delete"),
        ("MyNumberInput", "MyNumberInput: say individual number, not my number"),
        ("licence_users", "licence_users: say account, not user"),
        ("CANCEL", "CANCEL: say striking off, not cancel"),
        ("LicensesByCode", "LicensesByCode: say licence, not license"),
    ],
)
def test_a_name_with_another_word_is_found(name: str, told: str) -> None:
    assert list(offences(name)) == [told]


@pytest.mark.parametrize("name", ["strikeOffLicence", "individualNumber", "myRegisterNumber", "feeOfUse"])
def test_our_words_are_left_alone(name: str) -> None:
    assert list(offences(name)) == []


# --- The page -----------------------------------------------------------------------------------------------


def test_one_row_for_a_concept() -> None:
    rows = tables()[0]
    terms = [term for row in rows for term in row[0].split("、")]
    assert {len(row) for row in rows} == {5}
    assert sorted({term for term in terms if terms.count(term) > 1}) == []
    assert [row for row in rows if not (row[0] and row[1] and row[2])] == []


def test_no_word_of_ours_is_refused() -> None:
    ours = [word for row in tables()[0] for word in (row[1], row[2])]
    assert [offence for word in ours for offence in offences(word)] == []


def test_each_identifier_stands_in_the_code() -> None:
    text = "\n".join(path.read_text("utf-8") for path in SOURCES)
    known = set(re.findall(r"\w+", text))
    for row in tables()[0]:
        name = row[2].strip("`")
        assert (
            any(word.endswith(name[1:]) for word in known)
            if name.startswith("…")
            else (set(name.split(".")) <= known)
        ), name
