"""Names of the API that a plugin's declaration would give twice, found before a schema is made of them.

A second field of one name would silently replace the first, and a second type would silently become the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import strawberry

from meibo.errors import PluginError
from meibo.host import Host
from meibo.items.declaration import Cardinality
from meibo.professions.compiled import GroupSpec, Profession
from meibo_graphql.groups import field_name, is_of_licence, type_name
from meibo_graphql.licences import Licence, LicenceVersion, pascal
from meibo_graphql.lists import filter_field
from meibo_graphql.types import camel

OF_FILTERS = ("name", "birth_date", "state_in")


def refuse_clashes(profession: Profession) -> None:
    """Raise PluginError for the first field that two things of a profession would be."""
    for type_, fields in _types(profession):
        for field, times in Counter(camel(name) for name in fields).items():
            if times > 1:
                raise PluginError(
                    f"Two things would be the API field {f'{type_}.{field}'!r}: rename the group or the item."
                )


def _types(profession: Profession) -> Iterator[tuple[str, Iterable[str]]]:
    """(type, the names of its fields) of what is made for a profession."""
    groups = [spec for spec in profession.groups.values() if is_of_licence(spec)]
    interfaces: tuple[Any, ...] = (Licence, LicenceVersion)
    for interface in interfaces:
        named = (field.python_name for field in interface.__strawberry_definition__.fields)
        yield f"{pascal(profession)}{interface.__name__}", (*named, *map(field_name, groups))
    for spec in profession.groups.values():
        yield type_name(profession, spec), (*spec.items, *_added(spec))
    indexed = (filter_field(item) for _, item in profession.indexes)
    yield f"{pascal(profession)}LicenceFilter", (*OF_FILTERS, *indexed)


def _added(spec: GroupSpec) -> tuple[str, ...]:
    of_rows = ("code", "label", "valid_from", "valid_to")
    return of_rows if spec.cardinality is Cardinality.TABLE else ("redacted",)


def servable(host: Host, *, quarantine: bool) -> tuple[Host, strawberry.Schema]:
    """The host whose professions one schema can show, and that schema.

    Raises PluginError where names clash, unless `quarantine`: then each profession is left out that clashes with
    those before it.
    """
    from meibo_graphql.registry import registry_schema

    try:
        return host, registry_schema(host)
    except PluginError:
        if not quarantine:
            raise
    broken: dict[str, str] = {}
    tried: list[str] = []
    for code in host.professions:
        tried.append(code)
        try:
            registry_schema(_only(host, tried, broken))
        except PluginError as error:
            broken[code] = error.en
    kept = host.without(broken)
    return kept, registry_schema(kept)


def _only(host: Host, codes: Iterable[str], broken: Iterable[str]) -> Host:
    kept = set(codes) - set(broken)
    return host.without({code: "" for code in host.professions if code not in kept})
