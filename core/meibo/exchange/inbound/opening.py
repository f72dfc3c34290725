"""What is sent here, in one installation, from what its professions declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from meibo.access.guard import Guard
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.exchange.inbound.beats import InboundBeats
from meibo.exchange.inbound.matching import Matching
from meibo.exchange.inbound.media import InboundMedia
from meibo.exchange.inbound.office import PaperOffice
from meibo.exchange.inbound.papers import Papers
from meibo.exchange.inbound.passes import PassOffice
from meibo.exchange.inbound.receiving import Receiving
from meibo.link.calls import Calls


@dataclass(frozen=True, slots=True)
class Inbound:
    """The jobs, and what the office does: about numbers from paper, pass lists, and media."""

    beats: InboundBeats
    office: PaperOffice
    passes: PassOffice
    media: InboundMedia


def open_inbound(
    database: Database, keys: KeyProvider, receiving: Receiving, calls: Calls, guard: Guard, within: timedelta
) -> Inbound:
    """What is sent here; certificates may take `within` after an answer."""
    host, desk = receiving.host, receiving.desk
    papers: dict[int, Papers] = {}
    for profession in host.professions.values():
        if declared := profession.plugin.paper_numbers:
            scope = receiving.scopes[profession.code]
            matching = Matching(profession, scope, database, keys)
            papers[scope] = Papers(
                profession, scope, declared.connector, database, matching, desk, calls, guard.audit
            )
    office = PaperOffice(tuple(papers.values()), receiving, guard, within)
    return Inbound(
        InboundBeats(papers, office),
        office,
        PassOffice(database, host, keys, receiving.lists, guard),
        InboundMedia(database, office, calls, guard),
    )
