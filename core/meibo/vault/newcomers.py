"""Persons whom the vault does not know: their rows are sealed and hashed before any store is asked. Pure, so that other
processes may do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from meibo.clock import now
from meibo.database.bulk import Ready, shape_of
from meibo.values.pseudonyms import LicencePseudonym
from meibo.vault.kinds import VerifiedBy
from meibo.vault.links import Linked
from meibo.vault.seals import NumberSeals, Place
from meibo.vault.tables import data_key, enrolment, licence_link, lookup, person

Rows = Mapping[str, Ready]
"""By table, the rows as its store takes them."""


@dataclass(frozen=True, slots=True, repr=False)
class Newcomer:
    """A person of one licence, and the numbers to be enrolled, each at its place."""

    pseudonym: LicencePseudonym
    linked: Linked
    numbers: Sequence[tuple[Place, str]]


@dataclass(frozen=True, slots=True)
class NewRows:
    """Makes the rows of newcomers at one profession; `dialects` are those of the stores, by table."""

    seals: NumberSeals
    profession: str
    file: str
    verified_by: VerifiedBy
    dialects: Mapping[str, str] = field(repr=False)

    def of(self, newcomers: Iterable[Newcomer]) -> Rows:
        """Their rows, which all bear this instant."""
        at = now()
        made: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
        for newcomer in newcomers:
            linked = newcomer.linked
            made[person.name].append({"id": linked.person, "created_at": at})
            made[licence_link.name].append(
                {
                    "pseudonym": newcomer.pseudonym, "profession": self.profession, "file": self.file,
                    "person": linked.person, "alias": linked.alias, "act": linked.act, "created_at": at,
                }
            )  # fmt: skip
            for place, number in newcomer.numbers:
                for table, row in self._enrolled(place, number, at):
                    made[table.name].append(row)
        return {table.name: self._ready(table, made[table.name]) for table in TABLES if made[table.name]}

    def _enrolled(self, place: Place, number: str, at: datetime) -> Iterable[tuple[Table, dict[str, Any]]]:
        """A number's data key, the hash by which it is found, and the number sealed."""
        wrapped, sealed = self.seals.sealed_anew(place, number)
        found_by = self.seals.newest_hash(place.file, place.kind, number)
        of = {"enrolment": place.enrolment, "file": place.file, "kind": place.kind}
        yield data_key, {**of, "wrapped": wrapped.wrapped, "key_version": wrapped.version, "created_at": at}
        yield lookup, {**of, "hash": found_by.hash, "key_version": found_by.version}
        yield (
            enrolment,
            {
                "id": place.enrolment, "person": place.person, "file": place.file, "kind": place.kind,
                "sealed": sealed, "verified_by": self.verified_by, "enrolled_at": at,
                "claimed_by": place.enrolment, "claimed_at": at,
            },
        )  # fmt: skip

    def _ready(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> Ready:
        return shape_of(table, self.dialects[table.name]).ready(rows)


TABLES = (person, licence_link, data_key, lookup, enrolment)
