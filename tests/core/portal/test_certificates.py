"""A holder gets certificates of what stands, each once and within limits, sees whether they hold, and ends them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select

from meibo import clock
from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, decode
from meibo.certificates import asking
from meibo.certificates.entries import Format
from meibo.certificates.instances import Instance, InstanceState
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.outcomes import Reason, State
from meibo.certificates.standing import EndReason
from meibo.certificates.tables import certificate, seen_binding, status_list
from meibo.database.stores import Database, Store
from meibo.demo.keys import make_keys
from meibo.errors import AuditUnavailable, FindingCode, NotFound, Refused
from meibo.installation import Installation
from meibo.portal import CertificateRequest, Holder
from meibo.register.fold import Verb
from meibo.registry.claims import payload
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from tests.holders import Holders, enter_holders
from tests.veterinarian.installed import OFFICER
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template
from tests.wallets import proof, verified

NAME = {"full_name": "鷹司　満月"}
DAY = timedelta(days=1)


class Wallet:
    """A holder's telephone at the portal."""

    def __init__(self, holders: Holders, holder: Holder, head: Head) -> None:
        self.holders, self.holder, self.head = holders, holder, head
        self.certificates = holders.portal.certificates
        self.key = new_key()

    async def issue(self, *claims: str, key: EllipticCurvePrivateKey | None = None, **given: Any) -> str:
        """An SD-JWT VC with these claims, or all, bound to the wallet's key."""
        request = CertificateRequest(
            claims=claims or None, proof=given.pop("proof", "") or self.proof(key), **given
        )
        self.made, text = await self.certificates.issue(self.holder, self.head, request, await self.shown())
        return text

    async def issue_qr(self, *claims: str, **given: Any) -> str:
        """The link of a QR certificate with these claims beside those that are never left out."""
        request = CertificateRequest(claims=claims, **given)
        self.made, link = await self.certificates.issue_qr(
            self.holder, self.head, request, await self.shown()
        )
        return link

    def proof(self, key: EllipticCurvePrivateKey | None = None) -> str:
        """A proof upon a fresh nonce."""
        return proof(key or self.key, self.certificates.nonce(self.holder).text)

    async def shown(self) -> Any:
        """The claims that the licence shows today."""
        reader, log = self.holders.portal.reader(self.holder)
        claims = await reader.claims(self.head)
        await log.write()
        return claims

    async def refused(self, *claims: str, **given: Any) -> str:
        """The rule by which issuing is refused; nothing is entered, nothing used up."""
        before = await self.stored()
        with pytest.raises(Refused) as refused:
            await (self.issue_qr if given.pop("qr", False) else self.issue)(*claims, **given)
        assert await self.stored() == before
        [finding] = refused.value.findings
        return finding.rule

    async def stored(self) -> list[Any]:
        """All rows of certificates, lists and used nonces."""
        scopes = self.holders.portal.scopes.numbers.values()
        async with self.holders.installation.register.read(scopes) as connection:
            tables = (certificate, status_list, seen_binding)
            return [row for t in tables for row in await connection.execute(select(t).order_by(t.c.id))]

    async def all(self) -> list[Instance]:
        """What the holder is told."""
        return await self.certificates.of([self.head])

    async def states(self) -> list[InstanceState]:
        """Whether each holds, the newest first."""
        return [each.state(clock.today()) for each in await self.all()]

    async def verified(self, text: str) -> tuple[State, Mapping[str, Any]]:
        """What our verifier says of a presentation, once the lists are published."""
        told = await verified(self.holders.installation.authority, text, self.key)
        return told.state, told.claims

    async def act(self, verb: Verb, **changes: Any) -> None:
        """Something that the office does with the licence."""
        self.head = await self.holders.head(self.head.profession)
        given: dict[str, Any] = {
            "idempotency_key": f"{verb}-{self.head.version}", "licence": self.head.id,
            "expected_version": self.head.version, "reason": "401" if verb is Verb.STRIKE_OFF else "201",
            "effective_date": clock.today(), "legal_basis": verb,
        } | changes  # fmt: skip
        await self.holders.installation.office.act(OFFICER, verb, ActRequest(**given))
        self.head = await self.holders.head(self.head.profession)


@pytest.fixture
async def wallet(installation: Installation) -> Wallet:
    """The wallet of the person with two licences, for the doctor's."""
    make_keys(installation.authority)
    holders = await enter_holders(installation)
    return Wallet(holders, await holders.holder(), await holders.head())


async def leaves(installation: Installation, operation: str) -> list[Leaf]:
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
    found = sorted((decode(body) for body in bodies), key=lambda recorded: recorded.at)
    return [each.leaf for each in found if each.leaf.operation == operation]


async def test_a_certificate_is_bound_to_the_wallets_key_and_verifies(wallet: Wallet) -> None:
    text = await wallet.issue()
    state, told = await wallet.verified(text)
    assert state is State.VALID
    assert told == payload(await wallet.shown())[0]
    assert told["full_name"] == "鷹司　満月"
    today = clock.today()
    [made] = await wallet.all()
    assert made == wallet.made
    assert (made.format, set(made.claims), made.issued_date) == (Format.SD_JWT, set(told), today)
    assert (made.expiry_date, made.state(today)) == (today + 90 * DAY, InstanceState.VALID)
    stolen = await verified(wallet.holders.installation.authority, text, new_key())
    assert stolen.reason is Reason.KEY_BINDING_SIGNATURE


async def test_the_chosen_claims_and_those_never_left_out_stand_in_it(wallet: Wallet) -> None:
    _, told = await wallet.verified(await wallet.issue("registration_number"))
    assert set(told) == {"profession", "full_name", "registration_number"}
    assert wallet.made.claims == ("profession", "full_name", "registration_number")


@pytest.mark.parametrize(
    "claims", [("memo",), ("registration_number", "registration_number"), ("common_family_name",)]
)
@pytest.mark.parametrize("qr", [False, True])
async def test_other_claims_are_refused(wallet: Wallet, claims: tuple[str, ...], qr: bool) -> None:
    assert await wallet.refused(*claims, qr=qr) == "certificate.claims"


async def test_a_qr_certificate_verifies_and_says_no_more(wallet: Wallet) -> None:
    link = await wallet.issue_qr()
    assert link.startswith("https://meibo.example/check#")
    authority = wallet.holders.installation.authority
    await authority.publisher.publish_due()
    told = await authority.verifier().qr(link)
    assert (told.state, told.claims, told.type) == (State.VALID, NAME, "urn:meibo:doctor:1")
    assert (wallet.made.format, wallet.made.claims) == (Format.QR, ("full_name",))


async def test_what_no_code_holds_uses_up_no_index(wallet: Wallet) -> None:
    chosen = ("birth_date", "registration_number", "registration_date")
    assert await wallet.refused(*chosen, qr=True) == "certificate.qr_too_large"
    assert await wallet.stored() == []


async def test_a_failing_proof_is_refused_by_its_reason(wallet: Wallet) -> None:
    """Each way in which one fails: `test_proofs.py`, `test_nonces.py`."""
    nonces, other = wallet.certificates.nonce, Holder(wallet.holders.stranger, ())
    spoilt = {
        "malformed": "no proof", "nonce": proof(wallet.key, nonces(other).text),
        "signature": proof(wallet.key, nonces(wallet.holder).text, signed_by=new_key()),
        "audience": proof(wallet.key, nonces(wallet.holder).text, aud="https://other.example"),
    }  # fmt: skip
    for reason, text in spoilt.items():
        assert await wallet.refused(proof=text) == f"certificate.proof.{reason}"


async def test_a_proof_serves_once_of_all_who_send_it(wallet: Wallet) -> None:
    text = wallet.proof()
    done = await asyncio.gather(*(wallet.issue(proof=text) for _ in range(4)), return_exceptions=True)
    rules = [f.rule for each in done if isinstance(each, Refused) for f in each.findings]
    assert rules == ["certificate.proof.replayed"] * 3
    assert await wallet.states() == [InstanceState.VALID]


async def test_a_proof_serves_for_one_licence_alone(wallet: Wallet) -> None:
    text = wallet.proof()
    await wallet.issue(proof=text)
    wallet.head = await wallet.holders.head("veterinarian")
    assert await wallet.refused(proof=text) == "certificate.proof.replayed"


async def test_under_one_key_it_is_issued_once(wallet: Wallet) -> None:
    """Many who ask at a time, and one who asks later; the one of before is told, and not its text."""
    asks = [wallet.issue(idempotency_key="k") for _ in range(3)]
    done = await asyncio.gather(*asks, return_exceptions=True)
    [made] = await wallet.all()
    assert sum(isinstance(each, str) for each in done) == 1
    assert await wallet.refused(idempotency_key="k") == "certificate.issued_already"
    assert await wallet.refused(qr=True, idempotency_key="k") == "certificate.issued_already"
    again = CertificateRequest(claims=None, idempotency_key="k")
    assert await wallet.certificates.issued_before(wallet.head, again) == made
    await wallet.issue(idempotency_key="other")
    assert len(await wallet.all()) == 2


async def test_one_key_for_two_licences_leaves_nothing_alike(wallet: Wallet) -> None:
    await wallet.issue(idempotency_key="k")
    wallet.head = await wallet.holders.head("veterinarian")
    await wallet.issue(idempotency_key="k")
    rows = [
        row for row in await wallet.stored() if "request" in row._mapping and "licence_id" in row._mapping
    ]
    assert len({row.request for row in rows}) == len(rows) == 2


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_has_its_length(wallet: Wallet, key: str) -> None:
    assert await wallet.refused(idempotency_key=key) == "certificate.key"


async def test_a_licence_has_so_many_at_once_however_many_ask(
    wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_AT_ONCE", 3)
    done = await asyncio.gather(*(wallet.issue() for _ in range(6)), return_exceptions=True)
    rules = [f.rule for each in done if isinstance(each, Refused) for f in each.findings]
    assert rules == ["certificate.many"] * 3
    await wallet.certificates.revoke(wallet.holder, wallet.head, (await wallet.all())[0].id)
    await wallet.issue()
    assert await wallet.refused() == "certificate.many"
    assert (await wallet.states()).count(InstanceState.VALID) == 3


async def test_ended_ones_count_for_a_day(wallet: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_A_DAY", 2)
    for _ in range(2):
        await wallet.issue()
        await wallet.certificates.revoke(wallet.holder, wallet.head, wallet.made.id)
    assert await wallet.refused(qr=True) == "certificate.often"
    later = clock.now() + DAY + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await wallet.issue_qr()


@pytest.mark.parametrize("verb", [Verb.STRIKE_OFF, Verb.REVOKE])
async def test_a_licence_that_does_not_stand_has_none(wallet: Wallet, verb: Verb) -> None:
    await wallet.issue()
    more = (
        {"kind": "03", "reason": "703", "order_number": "1", "office_name": "大臣"}
        if verb is Verb.REVOKE
        else {}
    )
    await wallet.act(verb, **more)
    assert await wallet.states() == [InstanceState.REVOKED]
    assert await wallet.refused() == "certificate.licence_does_not_stand"
    assert await wallet.refused(qr=True) == "certificate.licence_does_not_stand"


async def test_a_suspended_licence_says_so_and_comes_back(wallet: Wallet) -> None:
    text = await wallet.issue()
    more = {
        "kind": "02",
        "reason": "703",
        "order_number": "1",
        "office_name": "大臣",
        "end_date": clock.today() + 9 * DAY,
    }
    await wallet.act(Verb.SUSPEND, **more)
    assert await wallet.states() == [InstanceState.SUSPENDED]
    assert (await wallet.verified(text))[0] is State.SUSPENDED


async def test_a_correction_ends_what_said_otherwise(wallet: Wallet) -> None:
    text = await wallet.issue()
    await wallet.act(Verb.CORRECT, values={"register": {"family_name": "近衛"}})
    [ended] = await wallet.all()
    assert (ended.state(clock.today()), ended.end_reason) == (InstanceState.REVOKED, EndReason.SUPERSEDED)
    assert (await wallet.verified(text))[0] is State.REVOKED
    state, told = await wallet.verified(await wallet.issue())
    assert (state, told["full_name"]) == (State.VALID, "近衛　満月")


async def test_claims_read_before_a_correction_are_not_issued_after_it(wallet: Wallet) -> None:
    """Else the certificate would say what was corrected, and nothing would end it."""
    shown, head, text = await wallet.shown(), wallet.head, wallet.proof()
    await wallet.act(Verb.CORRECT, values={"register": {"family_name": "近衛"}})
    request = CertificateRequest(claims=None, proof=text)
    with pytest.raises(Refused) as refused:
        await wallet.certificates.issue(wallet.holder, head, request, shown)
    [finding] = refused.value.findings
    assert (finding.code, finding.rule) == (FindingCode.STALE_VERSION, "certificate.stale")
    assert await wallet.all() == []
    await wallet.issue(proof=text)  # The nonce was not used up.


async def test_a_holder_ends_one_certificate_for_good(wallet: Wallet) -> None:
    kept, lost = await wallet.issue(), await wallet.issue()
    for _ in range(2):
        ended = await wallet.certificates.revoke(wallet.holder, wallet.head, wallet.made.id)
    assert (ended.state(clock.today()), ended.end_reason) == (InstanceState.WITHDRAWN, EndReason.WITHDRAWN)
    assert [(await wallet.verified(text))[0] for text in (kept, lost)] == [State.VALID, State.REVOKED]
    caller = wallet.holder.acting("doctor").account
    assert [
        (leaf.kind, leaf.account, leaf.subjects)
        for leaf in await leaves(wallet.holders.installation, "certificate.revoke")
    ] == [(kind, caller, (wallet.head.pseudonym,)) for kind in ("intent", "done")]


async def test_another_licences_certificate_is_not_found(wallet: Wallet) -> None:
    await wallet.issue()
    other, before = await wallet.holders.head("veterinarian"), await wallet.stored()
    with pytest.raises(NotFound):
        await wallet.certificates.revoke(wallet.holder, other, wallet.made.id)
    assert await wallet.stored() == before


async def test_a_certificate_expires_on_its_day(wallet: Wallet, monkeypatch: pytest.MonkeyPatch) -> None:
    await wallet.issue()
    await wallet.issue_qr()
    await wallet.certificates.revoke(wallet.holder, wallet.head, wallet.made.id)
    for days, state in ((89, InstanceState.VALID), (90, InstanceState.EXPIRED)):
        day = clock.today() + days * DAY
        assert [each.state(day) for each in await wallet.all()] == [InstanceState.WITHDRAWN, state]


async def test_both_leaves_are_written_and_name_the_registers_alias(wallet: Wallet) -> None:
    await wallet.issue()
    caller = wallet.holder.acting("doctor").account
    told = [
        (leaf.kind, leaf.account, leaf.surface, leaf.subjects)
        for leaf in await leaves(wallet.holders.installation, "certificate.issue")
    ]
    assert told == [(kind, caller, "portal", (wallet.head.pseudonym,)) for kind in ("intent", "done")]


async def test_without_a_leaf_nothing_is_issued_nor_ended(wallet: Wallet) -> None:
    await wallet.issue()
    shown, before = await wallet.shown(), await wallet.stored()
    silent = Database("sqlite+aiosqlite:////nonexistent/meibo.db")
    audit, certificates = wallet.holders.portal.audit, wallet.certificates
    working, audit._database = audit._database, silent
    request = CertificateRequest(claims=None, proof=wallet.proof())
    with pytest.raises(AuditUnavailable):
        await certificates.issue(wallet.holder, wallet.head, request, shown)
    with pytest.raises(AuditUnavailable):
        await certificates.revoke(wallet.holder, wallet.head, wallet.made.id)
    audit._database = working
    await silent.close()
    assert await wallet.stored() == before


async def test_without_a_signing_key_nothing_is_entered(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    holders = await enter_holders(installation)
    wallet = Wallet(holders, await holders.holder(), await holders.head())
    assert await wallet.refused() == "certificate.not_offered"
    assert await wallet.refused(qr=True) == "certificate.not_offered"
    assert "There is no certificate key that signs as https://meibo.example/issuers/medical" in caplog.text


async def test_a_profession_without_certificates_offers_none(wallet: Wallet) -> None:
    portal, doctor = wallet.holders.portal, wallet.holders.portal.host["doctor"]
    bare = replace(doctor, plugin=replace(doctor.plugin, certificate=None))
    host = replace(portal.host, professions={**portal.host.professions, "doctor": bare})
    wallet.certificates = replace(wallet.certificates, scopes=replace(portal.scopes, host=host))
    assert await wallet.refused() == "certificate.not_offered"


async def test_nothing_personal_is_kept(wallet: Wallet, tmp_path: Path) -> None:
    text = await wallet.issue(idempotency_key="満月")
    kept = repr(await wallet.stored())
    for secret in ("満月", "700001", text.partition(".")[0], text.rpartition("~")[0].rpartition("~")[2]):
        assert secret not in kept
