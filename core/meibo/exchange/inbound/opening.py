"""What is sent here, in one installation, from what its professions declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from meibo.access.guard import Guard
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.exchange.inbound.beats import InboundBeats
from meibo.exchange.inbound.forgetting import Forgetting
from meibo.exchange.inbound.matching import Matching
from meibo.exchange.inbound.media import InboundMedia
from meibo.exchange.inbound.office import PaperOffice
from meibo.exchange.inbound.papers import Papers
from meibo.exchange.inbound.passes import PassOffice
from meibo.exchange.inbound.receiving import Receiving
from meibo.link.calls import Calls
from meibo.settings import Settings


@dataclass(frozen=True, slots=True)
class Inbound:
    """The jobs, and what the office does: about numbers from paper, pass lists, and media."""

    beats: InboundBeats
    office: PaperOffice
    passes: PassOffice
    media: InboundMedia


def open_inbound(
    settings: Settings,
    database: Database,
    keys: KeyProvider,
    receiving: Receiving,
    calls: Calls,
    guard: Guard,
) -> Inbound:
    """What is sent here; the settings say how long certificates may take after an answer, and lists are kept."""
    host, desk = receiving.host, receiving.desk
    papers: dict[int, Papers] = {}
    for profession in host.professions.values():
        if declared := profession.plugin.paper_numbers:
            scope = receiving.scopes[profession.code]
            matching = Matching(profession, scope, database, keys)
            papers[scope] = Papers(
                profession, scope, declared.connector, database, matching, desk, calls, guard.audit
            )
    within = timedelta(days=settings.erasure_certificate_days)
    office = PaperOffice(tuple(papers.values()), receiving, guard, within)
    forgetting = Forgetting(database, guard, receiving.scopes, settings.pass_list_years)
    return Inbound(
        InboundBeats(papers, office, forgetting),
        office,
        PassOffice(database, host, keys, receiving.lists, guard),
        InboundMedia(database, office, calls, guard),
    )
