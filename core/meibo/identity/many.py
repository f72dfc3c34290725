"""Acts on many licences: those of persons whom the vault does not know are linked and enrolled in three commits.

    links -> keys -> numbers, for each batch, while no other act is at work on any number

A person who is known (a nurse who becomes a midwife) is entered by an act of their own, as any single licence is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from meibo.errors import Refused
from meibo.identity.acts import Act, Acts, Enrolment
from meibo.identity.drawing import Drawing, Drawn, NewHolder
from meibo.identity.guards import Entry
from meibo.values.pseudonyms import LicencePseudonym, PersonId
from meibo.vault.enrolling import Number
from meibo.vault.links import Linked
from meibo.vault.refusals import licensed_already, several_persons


@dataclass(slots=True)
class ManyActs:
    """Links and enrols the holders of one profession as one act, which can be taken back."""

    acts: Acts
    entry: Entry
    drawing: Drawing
    batches: list[Mapping[LicencePseudonym, UUID]] = field(default_factory=list)
    """Of each batch the licences, with the acts after which their enrolments are named."""
    single: list[tuple[Act, Linked, LicencePseudonym]] = field(default_factory=list)

    async def enter(self, holders: Sequence[NewHolder], drawn: Drawn) -> None:
        """Enter a batch, drawn as new persons. Raises Refused where a person has a licence of this profession."""
        async with self.acts.numbers.many.alone() as work:
            known = await self.acts.numbers.many.holders(numbers_of(holders), self.acts.files)
            if known:
                drawn = self.drawing.drawn(h for h in holders if known.keys().isdisjoint(h.numbers.items()))
            self.batches.append(drawn.acts)
            await self.acts.links.link_new(drawn.rows)
            await self.acts.numbers.many.enrol_new(work, drawn.rows)
            await work.commit()
        for holder in holders:
            if holder.pseudonym not in drawn.acts:
                await self._enter_alone(holder)

    async def take_back(self, error: Exception) -> None:
        """Undo every batch, unless the error does not tell whether the register committed."""
        for act, linked, pseudonym in self.single:
            await self.acts.fail(act, linked, pseudonym, error)
        await self.acts.fail_many(self.batches, error)

    async def _enter_alone(self, holder: NewHolder) -> None:
        wanted = Enrolment(
            profession=self.entry.profession,
            file=self.drawing.new.file,
            pseudonym=holder.pseudonym,
            numbers=holder.numbers,
            verified_by=self.drawing.new.verified_by,
            alias=holder.alias,
        )
        self.single.append((*await self.acts.link(self.entry, wanted), holder.pseudonym))


async def clashes(
    acts: Acts, profession: str, holders: Sequence[NewHolder]
) -> dict[LicencePseudonym, Refused]:
    """Why holders could not be entered: their numbers are of one who has a licence of the profession, or of two."""
    known = await acts.numbers.many.holders(numbers_of(holders), acts.files)
    persons: dict[LicencePseudonym, set[PersonId]] = {}
    for holder in holders:
        for number in holder.numbers.items():
            persons.setdefault(holder.pseudonym, set()).update(known.get(number, ()))
    licensed = await acts.links.professions_of({id for ids in persons.values() for id in ids})
    found: dict[LicencePseudonym, Refused] = {}
    for pseudonym, ids in persons.items():
        if len(ids) > 1:
            found[pseudonym] = several_persons()
        elif any(profession in licensed.get(id, ()) for id in ids):
            found[pseudonym] = licensed_already()
    return found


def numbers_of(holders: Iterable[NewHolder]) -> Collection[Number]:
    """All numbers of the holders."""
    return {number for holder in holders for number in holder.numbers.items()}
