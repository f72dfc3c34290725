"""What the conformance kit checks through the API: names, masking, statements of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import strawberry

from meibo.access.permissions import Role
from meibo.access.principals import Surface
from meibo.errors import PluginError
from meibo.installation import Installation
from meibo.items.declaration import Cardinality, Item, Privacy
from meibo.register.tables import stored
from meibo.testing.findings import Finding, at
from meibo.testing.stores import caller, opened, statements
from meibo.testing.subjects import HOLDERS, Subject
from meibo_graphql.clashes import servable
from meibo_graphql.context import RegistryContext
from meibo_graphql.ids import NodeIds
from meibo_graphql.registry import registry_schema
from meibo_graphql.types import camel

FEW = 5
SELECTED = {
    "code": "{ code }",
    "codes": "{ code }",
    "partial_date": "{ value }",
    "era_date": "{ value }",
    "file": "{ sha256 }",
}
"""What is asked of kinds that are objects of the API."""


def api_names(subject: Subject) -> Iterator[Finding]:
    """No type or field of the API is another's, of core or of any installed profession."""
    try:
        servable(subject.beside, quarantine=False)
    except PluginError as error:
        what, _, mend = error.en.rstrip(".").rpartition(": ")
        yield at(subject.sources.declaration, what, mend)


async def api_masking(subject: Subject) -> list[Finding]:
    """A viewer who asks the API for every personal item is given none."""
    async with opened(subject) as installation:
        schema = registry_schema(subject.alone)
        nodes = await _asked(subject, installation, schema, Role.VIEWER, FEW)
    return [
        at(
            subject.sources.item(subject.profession.groups[key].type, name),
            f"the API shows a viewer {key}.{name}",
            "report it: masking is core's",
        )
        for key, item in _personal(subject)
        for name in [item.name]
        if any(node[camel(key)][camel(name)] for node in nodes)
    ]


async def api_statements(subject: Subject) -> list[Finding]:
    """A page of 25 holders with every group takes the API as many statements as one of 5."""
    asked: list[int] = []
    async with opened(subject) as installation:
        schema = registry_schema(subject.alone)
        for first in (FEW, HOLDERS):
            with statements(installation) as told:
                await _asked(subject, installation, schema, Role.OFFICER, first)
            asked.append(len(told))
    if asked[0] == asked[1]:
        return []
    what = f"the API takes {asked[0]} statements for a page of {FEW} and {asked[1]} for one of {HOLDERS}"
    return [at(subject.sources.declaration, what, "report it: pages are core's")]


def _personal(subject: Subject) -> Iterator[tuple[str, Item]]:
    """The personal items of groups that stand once, with their groups' keys."""
    for spec in subject.profession.content_groups:
        if spec.cardinality is Cardinality.ONE and stored(spec):
            for item in spec.items.values():
                if item.privacy is not Privacy.PUBLIC:
                    yield spec.key, item


async def _asked(
    subject: Subject, installation: Installation, schema: strawberry.Schema, role: Role, first: int
) -> list[dict[str, Any]]:
    """The nodes of a page with every personal item, asked by somebody of a role."""
    groups: dict[str, list[str]] = {}
    for key, item in _personal(subject):
        groups.setdefault(camel(key), []).append(f"{camel(item.name)} {SELECTED.get(item.kind.name, '')}")
    shown = " ".join(f"{key} {{ {' '.join(items)} }}" for key, items in groups.items())
    field = camel(f"{subject.profession.code}_licences")
    reader = installation.reader(caller(subject, role), "check")
    ids = NodeIds(installation.keys.newest("nodes"), Surface.REGISTRY)
    context = RegistryContext(installation, reader.principal, reader, ids)
    answer = await schema.execute(
        f"{{ {field}(first: {first}) {{ nodes {{ id {shown} }} }} }}", context_value=context
    )
    if answer.errors or not answer.data:
        raise PluginError(f"The API cannot show a page of {subject.profession.code!r}: {answer.errors}.")
    nodes: list[dict[str, Any]] = answer.data[field]["nodes"]
    return nodes


CHECKS = (api_names, api_masking, api_statements)
