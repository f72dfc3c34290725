"""From a certificate of our own back to its licence: so that the register's word stands beside the list's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from meibo import clock
from meibo.certificates.status.references import StatusReference
from meibo.certificates.tables import certificate
from meibo.database.direct.reaches import Reach
from meibo.database.direct.statements import Statement, among, given
from meibo.database.stores import Database
from meibo.register import tables
from meibo.register.fold import State
from meibo.registry.scopes import Scopes

_licence, _version, _span = tables.licence, tables.licence_version, tables.licence_span
_BY_ENTRIES = Statement(
    select(certificate.c.status_index, certificate.c.scope, _licence.c.pseudonym, _version.c.state)
    .join(_licence, _licence.c.id == certificate.c.licence_id)
    .join(_span, _span.c.licence_id == _licence.c.id)
    .join(_version, _version.c.id == _span.c.version_id)
    .where(
        certificate.c.status_list_id == given(certificate.c.status_list_id, "list"),
        among(certificate.c.status_index, "indices"),
        _span.c.known_to.is_(None),
        _span.c.valid_from <= given(_span.c.valid_from, "day"),
        or_(_span.c.valid_to.is_(None), _span.c.valid_to > given(_span.c.valid_to, "day")),
    )
)


@dataclass(frozen=True, slots=True)
class CertifiedLicence:
    """The licence of a certificate, as it stands today."""

    profession: str
    pseudonym: str
    standing: State


@dataclass(frozen=True, slots=True)
class CertifiedLicences:
    """Finds licences by the places of their certificates' statuses; `lists` is the address of our own lists."""

    database: Database
    scopes: Scopes
    lists: str

    async def find(self, places: Iterable[StatusReference]) -> Mapping[StatusReference, CertifiedLicence]:
        """The licences of those places that are ours; one statement for each list."""
        by_list: dict[str, set[int]] = {}
        for place in places:
            if place.uri.startswith(self.lists):
                by_list.setdefault(place.uri, set()).add(place.index)
        found: dict[StatusReference, CertifiedLicence] = {}
        for uri, indices in by_list.items():
            for row in await self._rows(uri.removeprefix(self.lists), indices):
                licence = CertifiedLicence(self.scopes.code(row.scope), row.pseudonym, State(row.state))
                found[StatusReference(uri, row.status_index)] = licence
        return found

    async def _rows(self, list_: str, indices: set[int]) -> list[Any]:
        reach, day = Reach.of(self.scopes.numbers.values(), None), clock.today()
        rows = await self.database.fetch(_BY_ENTRIES, reach, list=list_, indices=indices, day=day)
        return [row for row in rows if row.scope in self.scopes.codes]
