"""Certificates that must be refused, each named after its defect, made from an employee's good one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from meibo import clock
from meibo.certificates import jws
from meibo.certificates.authority import Authority
from meibo.certificates.claims import Claims
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys import certificates
from meibo.certificates.keys.signers import KeySigner, Purpose, jwk
from meibo.certificates.outcomes import Reason, State, state_of
from meibo.certificates.sdjwt.issuing import LIFETIME, TYP, Issuer
from meibo.certificates.sdjwt.presenting import bind
from meibo.certificates.status.references import StatusReference
from meibo.demo.employees.making import Made


@dataclass(frozen=True, slots=True)
class Example:
    """A text to present, and what a check of it must come to. One that `needs_binding` is a certificate, to be bound
    to a verifier and a nonce before it is presented."""

    name: str
    text: str = field(repr=False)
    state: State
    reason: Reason | None
    needs_binding: bool = True


def examples(authority: Authority, made: Made) -> list[Example]:
    """The bad ones, beginning with the good one that they come from."""
    spoiler = Spoiler(authority, made)
    return [
        Example("good", made.certificate, State.VALID, None),
        _bad("alg-none", spoiler.unsigned(), Reason.ALGORITHM),
        _bad("plain-jwt", spoiler.signed(typ="JWT"), Reason.TYPE),
        _bad("tampered", spoiler.tampered(), Reason.SIGNATURE),
        _bad("rogue-chain", spoiler.rogue(), Reason.CHAIN_UNTRUSTED),
        _bad("expired", spoiler.expired(), Reason.EXPIRED),
        _bad("disclosure-unreferenced", spoiler.with_another_disclosure(), Reason.DISCLOSURE_UNREFERENCED),
        _bad("status-elsewhere", spoiler.status_elsewhere(), Reason.STATUS_FORBIDDEN),
        _bad("key-binding-missing", made.certificate, Reason.KEY_BINDING_MISSING, needs_binding=False),
        _bad("wrong-audience", spoiler.for_somebody_else(), Reason.AUDIENCE, needs_binding=False),
        _bad("key-binding-old", spoiler.bound_an_hour_ago(), Reason.KEY_BINDING_OLD, needs_binding=False),
    ]


def _bad(name: str, text: str, reason: Reason, *, needs_binding: bool = True) -> Example:
    return Example(name, text, state_of(reason), reason, needs_binding)


class Spoiler:
    """Spoils one certificate in one way at a time."""

    def __init__(self, authority: Authority, made: Made) -> None:
        self.made = made
        head, payload, _ = made.certificate.partition("~")[0].split(".")
        self.head: dict[str, Any] = orjson.loads(decode(head.encode()))
        self.payload: dict[str, Any] = orjson.loads(decode(payload.encode()))
        self.signer = authority.keys.signer(Purpose.CERTIFICATE, self.payload["iss"], clock.now())

    def unsigned(self) -> str:
        """Says that it needs no signature."""
        return f"{_text({'alg': 'none', 'typ': TYP}, self.payload)}.~"

    def signed(self, *, typ: str = TYP, **changed: Any) -> str:
        """Signed as it stands, without disclosures."""
        return jws.Writer(self.signer, typ).write(self.payload | changed).decode() + "~"

    def tampered(self) -> str:
        """Says another profession than was signed."""
        head, _, signature = self.made.certificate.partition("~")[0].split(".")
        changed = encode(orjson.dumps(self.payload | {"vct": "urn:meibo:dentist:1"})).decode()
        return f"{head}.{changed}.{signature}~"

    def rogue(self) -> str:
        """Signed under a root that nobody trusts, with names as they should be."""
        root_key, key, at = certificates.new_key(), certificates.new_key(), clock.now()
        root = certificates.root(root_key, "Rogue root", at)
        asked = certificates.request(key, "Rogue", self.payload["iss"], Purpose.CERTIFICATE)
        signer = KeySigner.of(key, certificates.issue(asked, root, root_key, at))
        return jws.Writer(signer, TYP).write(self.payload).decode() + "~"

    def expired(self) -> str:
        """Issued so long ago that it has ended."""
        claims = Claims(self.payload["vct"], {"full_name": self.made.name})
        status = self.payload["status"]["status_list"]
        day = clock.today() - LIFETIME - timedelta(days=1)
        issuer = Issuer(self.payload["iss"], self.signer)
        return str(
            issuer.issue(
                claims,
                jwk(self.made.key.public_key()),
                StatusReference(status["uri"], status["idx"]),
                day,
            )
        )

    def with_another_disclosure(self) -> str:
        """Shows something that the issuer has not signed."""
        added = encode(orjson.dumps(["c2FsdA", "full_name", "見本　偽子"])).decode()
        return f"{self.made.certificate}{added}~"

    def status_elsewhere(self) -> str:
        """Names a status list that is not the issuer's."""
        return self.signed(status={"status_list": {"idx": 0, "uri": "https://attacker.example/status/Zm9v"}})

    def for_somebody_else(self) -> str:
        """Bound to another verifier."""
        return self._bound(audience="https://somebody-else.example", hours=0)

    def bound_an_hour_ago(self) -> str:
        """Bound too long ago to be believed."""
        return self._bound(audience="https://hospital.example", hours=1)

    def _bound(self, *, audience: str, hours: int) -> str:
        at = clock.now() - timedelta(hours=hours)
        return bind(self.made.certificate, self.made.key, audience=audience, nonce="n-0S6_WzA2Mj", at=at)


def _text(head: Mapping[str, Any], payload: Mapping[str, Any]) -> str:
    return f"{encode(orjson.dumps(head)).decode()}.{encode(orjson.dumps(payload)).decode()}"
