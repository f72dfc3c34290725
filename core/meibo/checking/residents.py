"""Resident records as a source: each batch is one file of the network, asked by number where the vault holds one, else
by facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Key, Life, Number
from meibo.linkage import residents
from meibo.linkage.residents.asking import Answered, Asking
from meibo.linkage.residents.inquiries import NumberTold, Outcome
from meibo.linkage.residents.runs import LEGAL_BASIS
from meibo.professions.compiled import Profession

ACCOUNT: Final = "check"
"""On whose behalf the network is asked: whoever planned and approved the check stands with its run."""
LIVES: Mapping[str, Life] = {"0": Life.LIVING, "1": Life.DEAD, "2": Life.REMOVED}
"""What the network's codes of life status mean."""
NUMBERS: Mapping[NumberTold, Number] = {NumberTold.SAME: Number.SAME, NumberTold.CHANGED: Number.CHANGED}
"""What the vault says of the number that came; one that was got by facts is nobody's change."""


@dataclass(frozen=True, slots=True)
class ResidentRecords:
    """Asks the resident-record network."""

    asking: Asking
    name: str = "residents"

    def may_ask(self, profession: Profession, day: date) -> bool:
        """Whether an article of 住民基本台帳法 that holds on a day lets a profession ask."""
        bases = (each for each in profession.plugin.legal_bases if each.id == LEGAL_BASIS)
        return any(b.valid_from <= day and (b.valid_to is None or day <= b.valid_to) for b in bases)

    async def replies(
        self, batch: UUID, profession: str, asked: Mapping[UUID, Held]
    ) -> Mapping[UUID, Reply] | None:
        """The replies that were filed for a batch; until then it is asked about, once."""
        answers = await self.asking.answers(batch, profession)
        if answers is None:
            key = residents.Key.NUMBER_OR_FACTS
            await self.asking.ask(batch, profession, [*asked], key=key, on_behalf_of=ACCOUNT)
            return None
        replies = {licence: reply_of(answer) for licence, answer in answers.items()}
        return {licence: reply for licence, reply in replies.items() if reply is not None}


def reply_of(answer: Answered) -> Reply | None:
    """A reply from what was filed; None where the network was not asked, or could not answer."""
    key = Key.FACTS if answer.by_facts else Key.NUMBER
    match answer.outcome:
        case Outcome.SEVERAL | Outcome.CONFLICT:
            return Reply(key, (Told(), Told()))  # More than one may be meant; who they are was not kept.
        case Outcome.FOUND | Outcome.NOT_FOUND:
            is_outside = bool(answer.values.get("non_participating_body_flag"))
            is_found = answer.outcome is Outcome.FOUND and not is_outside
            return Reply(key, (_told(answer),) if is_found else (), is_outside)
        case _:
            return None


def _told(answer: Answered) -> Told:
    """One resident as the network tells of them."""
    values: Mapping[str, Any] = answer.values
    life = LIVES.get(values.get("living_status", "0"), Life.REMOVED)
    born = values.get("birth_date")
    return Told(
        name=values.get("full_name_kanji", ""),
        kana=values.get("full_name_kana", ""),
        birth_date=born.value if born else "",
        sex=values.get("sex", ""),
        address=values.get("address", ""),
        former_surname=values.get("former_surname_kanji", ""),
        life=life,
        death_date=str(values.get("movement_date", "")) if life is Life.DEAD else "",
        number=NUMBERS.get(answer.number, Number.NOT_TOLD),
    )
