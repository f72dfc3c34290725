"""The family register as a source: it is asked by symbol who has died, and about nobody whose symbol is not held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Key, Life
from meibo.family.asking import Answered, FamilyAsking
from meibo.link.states import Status
from meibo.professions.compiled import Profession


@dataclass(frozen=True, slots=True)
class FamilyRegister:
    """Asks the family register through the intermediate server."""

    asking: FamilyAsking
    name: str = "family_register"

    def may_ask(self, profession: Profession, day: date) -> bool:
        """Whether the network's list lets a profession ask who has died, on a day."""
        return self.asking.may_ask(profession, day)

    async def replies(
        self, batch: UUID, profession: str, asked: Mapping[UUID, Held]
    ) -> Mapping[UUID, Reply] | None:
        """The replies that were filed for a batch; until then it is asked about, once."""
        answers = await self.asking.answers(batch, profession, sorted(asked))
        if answers is None:
            return None
        return {licence: reply_of(answer) for licence, answer in answers.items()}


def reply_of(answer: Answered) -> Reply:
    """A reply from what was filed; nobody is found whom the network knows by no such symbol."""
    if answer.status is Status.REJECTED:
        return Reply(Key.NUMBER)
    values = answer.values
    died = bool(values.get("death_date") or values.get("death_reason"))
    if not died or values.get("death_annulment_date"):
        return Reply(Key.NUMBER, (Told(),))
    day = values.get("death_date")
    return Reply(Key.NUMBER, (Told(life=Life.DEAD, death_date=day.value if day else ""),))
