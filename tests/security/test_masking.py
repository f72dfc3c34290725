"""Every item is masked as its declaration says, for every role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from meibo.access.permissions import Role
from meibo.host import Host
from meibo.items.declaration import Cardinality, Privacy
from meibo.items.kinds import NumberKind as NumberItem
from meibo.items.kinds import Storage
from meibo.professions.compiled import GroupSpec
from meibo_graphql.licences import pascal
from meibo_graphql.types import camel
from tests.security.api import Api
from tests.security.matrix.cells import ALL, CLERKS, OFFICERS
from tests.security.whole_licence import field_of, shown_groups, whole_licence

READERS: Mapping[Privacy, frozenset[Role]] = {
    Privacy.PUBLIC: ALL, Privacy.PERSONAL: CLERKS, Privacy.SENSITIVE: OFFICERS,
}  # fmt: skip
ROWS = {Cardinality.MANY: 1, Cardinality.LIST: 2}
"""How many rows `whole_licence` writes."""


def selection(spec: GroupSpec) -> str:
    """All items of a group."""
    nested = {"partial_date", "era_date", "code", "codes", "file"}
    items = spec.items.values()
    inner = " ".join(
        camel(i.name) + (" { __typename }" if isinstance(i.kind, NumberItem) or i.kind.name in nested else "")
        for i in items
    )
    return f"{field_of(spec)} {{ {inner} redacted {{ item reason }} }}"


def masked_items(spec: GroupSpec, role: Role) -> list[str]:
    """The items that a role may not see, by the declaration; replies need the permission for replies besides."""
    whole = spec.cardinality is Cardinality.MANY and role not in CLERKS
    return [i.name for i in spec.items.values() if whole or role not in READERS[i.privacy]]


def check_masking(shown: Mapping[str, Any], spec: GroupSpec, role: Role) -> Iterator[str]:
    """The items of a group that are not as they should be."""
    hidden = masked_items(spec, role)
    wanted = [{"item": camel(name), "reason": "NO_PERMISSION"} for name in hidden]
    if shown["redacted"] != wanted:
        yield f"{spec.key}.redacted"
    for item in spec.items.values():
        if item.storage is not Storage.VAULT and (shown[camel(item.name)] in (None, [])) != (
            item.name in hidden
        ):
            yield f"{spec.key}.{item.name}"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("past", [False, True], ids=["now", "at"])
async def test_every_item_is_masked_as_declared(api: Api, host: Host, role: Role, past: bool) -> None:
    wrong: list[str] = []
    for code in ("doctor", "veterinarian"):
        groups = shown_groups(host[code])
        licence = await whole_licence(api.installation, code)
        inner = " ".join([*map(selection, groups), "dispositions { id }"])
        inner = f"at {{ {inner} }}" if past else inner
        answer = await api.call(
            await api.sign_in(role, code),
            f"query($by: LicenceKey!) {{ licence(by: $by) {{ ... on {pascal(host[code])}Licence {{ {inner} }} }} }}",
            {"by": {"id": api.licence_id(licence)}},
        )
        shown = answer.data["licence"]["at"] if past else answer.data["licence"]
        for spec in groups:
            found = shown[field_of(spec)] if spec.cardinality in ROWS else [shown[field_of(spec)]]
            assert len(found) == ROWS.get(spec.cardinality, 1)
            wrong += [f"{code}.{item}" for row in found for item in check_masking(row, spec, role)]
    assert wrong == []
