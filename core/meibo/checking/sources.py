"""Where replies come from: an outside registry, behind one method."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from meibo.checking.facts import Held, Reply
from meibo.professions.compiled import Profession


class Source(Protocol):
    """An outside registry that is asked about holders, such as resident records."""

    @property
    def name(self) -> str:
        """A stable short name, which plans name it by."""

    def may_ask(self, profession: Profession, day: date) -> bool:
        """Whether the law lets a profession ask it on a day."""

    async def replies(
        self, batch: UUID, profession: str, asked: Mapping[UUID, Held]
    ) -> Mapping[UUID, Reply] | None:
        """The replies about a batch's licences; None as long as they have not come.

        It is asked again and again under one batch, by workers that may have died meanwhile: it asks the registry
        once, and may `hasten` the job of that id when the replies have come. Who is left out of the replies was not
        answered. Raises SourceUnavailable.
        """
