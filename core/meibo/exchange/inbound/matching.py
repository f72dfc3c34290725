"""Which licence a line from paper means: its registration number, and the name and day of birth beside it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.linkage.papers import PaperFacts, PaperOutcome
from meibo.professions.compiled import Profession
from meibo.professions.rules import Record
from meibo.register.erasures import forgotten
from meibo.register.opening import open_licence
from meibo.register.tables import licence, number_key
from meibo.register.writing import Known
from meibo.values.dates import as_partial
from meibo.values.names import folded_name_key
from meibo.values.pseudonyms import LicencePseudonym


@dataclass(frozen=True, slots=True)
class Matching:
    """Finds the licences of one profession."""

    profession: Profession
    scope: int
    database: Database
    keys: KeyProvider

    async def find(self, facts: PaperFacts) -> LicencePseudonym | PaperOutcome:
        """The one licence that is meant, under its holder's present name or an earlier one; else why there is none."""
        row = licence.c
        under_number = select(row.id).where(
            row.scope == self.scope, row.number_key == number_key(facts.registration_number)
        )
        async with self.database.read([self.scope]) as connection:
            ids = (await connection.scalars(under_number)).all()
            opened = [await open_licence(connection, self.profession, self.keys, id) for id in ids]
            fitting = [known for known in opened if known and self._fits(known, facts)]
            if len(fitting) != 1:
                return _why(ids=len(ids), fitting=len(fitting))
            if await forgotten(connection, fitting[0].id):
                return PaperOutcome.LICENCE_ENDED
        return LicencePseudonym(fitting[0].pseudonym)

    def _fits(self, known: Known, facts: PaperFacts) -> bool:
        said = identity_of(facts.full_name, facts.birth_date.isoformat())
        return any(record_identity(self.profession, each.record) == said for each in known.segments)


def identity_of(full_name: str, birth_date: str) -> tuple[str, str]:
    """A name with variants folded, and a day of birth: what tells most people apart."""
    return folded_name_key(full_name), birth_date


def record_identity(profession: Profession, record: Record) -> tuple[str, str]:
    """The same of a record's holder; a day of birth that is not known in full fits no other."""
    holder = profession.plugin.holder
    parts = (record.value(path) for path in (holder.family_name, holder.given_name))
    birth = record.value(holder.birth_date)
    return identity_of("".join(str(part) for part in parts if part), as_partial(birth).value if birth else "")


def _why(*, ids: int, fitting: int) -> PaperOutcome:
    if fitting:
        return PaperOutcome.AMBIGUOUS
    return PaperOutcome.OTHER_PERSON if ids else PaperOutcome.NO_SUCH_LICENCE
