"""What one request looked at, gathered while it is answered and written, durably, before the answer leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from meibo.access.guard import leaf
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog


@dataclass(slots=True)
class ReadLog:
    """The subjects and search terms of a request, by profession: one leaf for each, with nothing in common."""

    audit: AuditLog
    principal: Principal
    operation: str
    purpose: str = ""
    subjects: dict[str, dict[str, None]] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)

    def saw(self, profession: str, pseudonyms: Iterable[str]) -> None:
        """Note that these licences were looked at."""
        self.subjects.setdefault(profession, {}).update(dict.fromkeys(pseudonyms))

    def searched(self, profession: str, *texts: str) -> None:
        """Note a search, by keyed hashes of its terms; it is recorded even where it found nothing."""
        self.terms.setdefault(profession, []).extend(self.audit.term(profession, text) for text in texts)

    def caller(self, profession: str) -> Principal:
        """Who looked, as the leaf of a profession names them."""
        return self.principal

    @property
    def is_empty(self) -> bool:
        """Whether nothing was looked at or searched for."""
        return not (self.subjects or self.terms)

    def forget(self) -> None:
        """Begin anew: nothing of what was looked at is shown."""
        self.subjects, self.terms = {}, {}

    async def write(self) -> None:
        """Write the leaves; raises AuditUnavailable, and then nothing may be shown."""
        professions = sorted(self.subjects.keys() | self.terms.keys())
        leaves = [
            leaf(
                self.caller(code), LeafKind.READ, self.operation, code, purpose=self.purpose,
                subjects=tuple(self.subjects.get(code, ())), terms=tuple(self.terms.get(code, ())),
                count=len(self.subjects.get(code, ())),
            )
            for code in professions
        ]  # fmt: skip
        self.forget()
        if leaves:
            await self.audit.record(*leaves)
