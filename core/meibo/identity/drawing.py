"""New holders as the vault will keep them: drawn and sealed before it is asked anything. Pure, so that other processes
may do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from meibo.identity.acts import enrolment_id
from meibo.values.pseudonyms import LicencePseudonym, PortalAlias, new_person_id
from meibo.vault.kinds import NumberKind
from meibo.vault.links import Linked
from meibo.vault.newcomers import Newcomer, NewRows, Rows
from meibo.vault.seals import Place


@dataclass(frozen=True, slots=True)
class NewHolder:
    """One of many licences to be entered: its pseudonym and alias, drawn for it, and numbers as `parse_number` reads
    them. It never prints the numbers."""

    pseudonym: LicencePseudonym
    alias: PortalAlias
    numbers: Mapping[NumberKind, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """New holders as persons of their own: by licence the act after which its enrolments are named, and the rows."""

    acts: Mapping[LicencePseudonym, UUID]
    rows: Rows = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws the new holders of one profession."""

    new: NewRows

    def drawn(self, holders: Iterable[NewHolder]) -> Drawn:
        """The holders, each as a new person."""
        newcomers = [self._newcomer(holder) for holder in holders]
        return Drawn({n.pseudonym: n.linked.act for n in newcomers}, self.new.of(newcomers))

    def _newcomer(self, holder: NewHolder) -> Newcomer:
        linked = Linked(new_person_id(), holder.alias, uuid4())
        numbers = [
            (Place(enrolment_id(linked.act, kind), linked.person, self.new.file, kind), number)
            for kind, number in holder.numbers.items()
        ]
        return Newcomer(holder.pseudonym, linked, numbers)
