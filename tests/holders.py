"""One person who is a doctor and a veterinarian, signed in at the portal; and another, who is a doctor alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from meibo import clock
from meibo.consent import CURRENT_TEXT, Purpose, ShareRequest
from meibo.identity import VerifiedBy
from meibo.installation import Installation
from meibo.portal import Holder, Portal, portal_of
from meibo.registry.views import Head
from meibo.values.pseudonyms import LicencePseudonym, PortalPseudonym, new_portal_pseudonym
from tests.partners import CLINIC, HOSPITAL, enter_partner
from tests.veterinarian.installed import OFFICER, enter_both, entry

CLAIMS = ("profession", "full_name", "registration_number")
ANOTHER = {
    "registration_number": "700009",
    "family_name": "近衛",
    "given_name": "朔",
    "birth_date": "1980-01-02",
}


@dataclass(frozen=True)
class Holders:
    """The portal of an installation, and who may sign in there."""

    installation: Installation
    portal: Portal
    pseudonym: PortalPseudonym
    licences: Mapping[str, UUID]
    stranger: PortalPseudonym

    async def holder(self, pseudonym: PortalPseudonym | None = None) -> Holder:
        """Whoever signs in under a pseudonym: the person with two licences, where none is given."""
        given = pseudonym or self.pseudonym
        return Holder(given, tuple(await self.portal.links.licences(given)))

    async def head(self, profession: str = "doctor") -> Head:
        """The person's licence."""
        reader, _ = self.portal.reader(await self.holder())
        [found] = [head for head in await reader.licences() if head.profession == profession]
        return found


async def link(installation: Installation, licence: UUID, profession: str) -> PortalPseudonym:
    """Let the person of a licence sign in; gives the portal pseudonym."""
    [head] = await installation.reader(OFFICER, "test").heads([licence])
    assert head is not None
    portal = new_portal_pseudonym()
    await installation.identity.link_portal(
        OFFICER, profession=profession, file=installation.host[profession].file,
        pseudonym=LicencePseudonym(head.pseudonym), portal=portal, verified_by=VerifiedBy.MY_NUMBER_CARD,
    )  # fmt: skip
    return portal


async def enter_holders(installation: Installation) -> Holders:
    """Enter both persons, and let both sign in; and two partners that they may share with."""
    for partner in (HOSPITAL, CLINIC):
        await enter_partner(installation, partner)
    made = await enter_both(installation)
    licences = {code: outcome.licence for code, outcome in made.items() if outcome.licence}
    another = await installation.office.register(
        OFFICER, "doctor", entry("doctor", "another", None, **ANOTHER)
    )
    assert another.licence is not None
    pseudonym = await link(installation, licences["doctor"], "doctor")
    stranger = await link(installation, another.licence, "doctor")
    return Holders(installation, portal_of(installation), pseudonym, licences, stranger)


def share_request(licence: UUID, **changes: object) -> ShareRequest:
    """A request to share three claims once, with whoever has the link, for a day."""
    given: dict[str, object] = {
        "licence": licence, "claims": CLAIMS, "purpose": Purpose.EMPLOYMENT, "recipient": None,
        "expires_at": clock.now() + timedelta(days=1), "uses": 1, "text_version": CURRENT_TEXT.version,
        "language": "ja",
    }  # fmt: skip
    return ShareRequest(**(given | changes))  # type: ignore[arg-type]
