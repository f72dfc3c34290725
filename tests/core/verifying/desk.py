"""A register with two people, what they show, and those who check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from meibo import clock
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, decode
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import jwk
from meibo.certificates.sdjwt.presenting import bind
from meibo.consent import Recipient
from meibo.consent.tables import share_use
from meibo.database.stores import Store
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from meibo.verifying import Means, Shown, Verifying
from tests.holders import CLAIMS, Holders, share_request
from tests.partners import HOSPITAL
from tests.veterinarian.installed import OFFICER

TYPE = "urn:meibo:doctor:1"
CERTIFIED = Claims.of(TYPE, {"full_name": "鷹司　満月", "registration_number": "700001"}, ["full_name"])
NONCE = "a nonce of the partner's"


@dataclass
class Desk:
    """Where shares and certificates are checked."""

    holders: Holders
    verifying: Verifying

    async def token(self, profession: str = "doctor", **changes: object) -> str:
        """The token of a new share."""
        head, holder = await self.holders.head(profession), await self.holders.holder()
        offered = CLAIMS if profession == "doctor" else ("profession", "registration_number")
        request = share_request(head.id, **({"claims": offered} | changes))
        _, token = await self.holders.portal.consents.share(holder.acting(profession), head, request, offered)
        return token

    async def presentation(self, partner: Recipient = HOSPITAL, **changes: Any) -> Shown:
        """A certificate of the doctor's, shown to a partner."""
        key, authority = certificates.new_key(), self.verifying.authority
        head = await self.holders.head()
        [issued] = await authority.issue(
            self.verifying.scopes.of("doctor"), self.verifying.host["doctor"], head.id, CERTIFIED,
            [jwk(key.public_key())],
        )  # fmt: skip
        audience = self.verifying.credentials.audience(partner)
        given: dict[str, Any] = {"audience": audience, "nonce": NONCE, "at": clock.now()} | changes
        return Shown(means=Means.PRESENTATION, text=bind(issued, key, **given), nonce=NONCE)

    async def qr(self) -> Shown:
        """A QR certificate of the doctor's, as its link."""
        head = await self.holders.head()
        message = await self.verifying.authority.issue_qr(
            self.verifying.scopes.of("doctor"), self.verifying.host["doctor"], head.id, CERTIFIED
        )
        return Shown(means=Means.QR, text=f"https://meibo.example/check#{encode(message).decode()}")

    async def act(self, verb: Verb) -> None:
        """Something that the office does with the doctor's licence."""
        head = await self.holders.head()
        request = ActRequest(
            idempotency_key=f"{verb}-1", licence=head.id, expected_version=head.version,
            kind="03" if verb is Verb.REVOKE else "02",
            reason="401" if verb is Verb.STRIKE_OFF else "703", effective_date=clock.today(),
            end_date=clock.today() + timedelta(days=9) if verb is Verb.SUSPEND else None,
            legal_basis=verb, order_number="1", office_name="大臣",
        )  # fmt: skip
        await self.holders.installation.office.act(OFFICER, verb, request)

    async def publish(self) -> None:
        """Let the lists say what the register does."""
        await self.verifying.authority.publisher.publish_due()
        self.verifying.authority._verifier = None  # What was read is not kept for its thirty seconds.

    async def uses(self) -> int:
        """How many times tokens were presented, as holders are told."""
        async with self.verifying.register.read(self.verifying.scopes.numbers.values()) as connection:
            return int((await connection.execute(select(func.count()).select_from(share_use))).scalar_one())

    async def leaves(self, operation: str) -> list[Leaf]:
        """What the audit store holds of an operation, oldest first."""
        async with self.holders.installation.databases[Store.AUDIT].read() as connection:
            bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
        found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
        return [each.leaf for each in found if each.leaf.operation == operation]


def token_shown(token: str, reference: str | None = None) -> Shown:
    """A token, as it is presented."""
    return Shown(means=Means.SHARE, text=token, reference=reference)
