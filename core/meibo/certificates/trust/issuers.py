"""Whom we believe, and what for: each issuing system with its anchors, names, types, keys and status addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from meibo.certificates.keys.signers import Purpose, thumbprint
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.trust import chains

KEEP = timedelta(minutes=5)
"""How long a chain that was checked is not checked again."""
MOST_CHAINS = 1_024
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a status list is called."""


@dataclass(frozen=True, slots=True, eq=False)
class TrustedIssuer:
    """An issuing system. `types` are the `vct` that each of its names (`iss`) may issue: one administrator's key says
    nothing of another's licences. `status` are the addresses, each ending in a slash, below which its lists stand."""

    id: str
    types: Mapping[str, frozenset[str]]
    status: frozenset[str]
    anchors: tuple[x509.Certificate, ...]
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Key id -> chain (`x5c`), of the keys that messages name without a chain: those of QR codes and receipts."""
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    def may_serve_status(self, uri: str) -> bool:
        """Whether a status list may stand at an address: right below one of the issuer's, and nowhere that dots, a
        query or an escape lead to."""
        return any(uri.startswith(each) and NAME.fullmatch(uri[len(each) :]) for each in self.status)


@dataclass(frozen=True, slots=True)
class Certified:
    """A key whose chain holds: whose it is, and the URIs that its certificate carries."""

    issuer: TrustedIssuer
    key: EllipticCurvePublicKey
    names: frozenset[str]


class Trust:
    """All issuers that are believed; keeps chains that it has checked for a while."""

    def __init__(self, issuers: Iterable[TrustedIssuer]) -> None:
        self.issuers = tuple(issuers)
        self._of_anchor: dict[x509.Certificate, TrustedIssuer] = {}
        self._chain_of: dict[str, Sequence[str]] = {}
        for issuer in reversed(self.issuers):  # What two of them claim is the first one's.
            self._of_anchor |= dict.fromkeys(issuer.anchors, issuer)
            self._chain_of |= issuer.keys
        self._checked: dict[tuple[Any, ...], tuple[Certified, datetime, datetime]] = {}

    def certified(self, x5c: object, purpose: Purpose, at: datetime) -> Certified:
        """The key of a chain up to one of the anchors; raises Refusal with what is wrong with it."""
        if not isinstance(x5c, list) or not all(isinstance(each, str) for each in x5c):
            raise Refusal(Reason.CHAIN_UNTRUSTED)
        place = (purpose, *x5c)
        certified, since, until = self._checked.get(place, (None, at, at))
        if certified and since <= at < until:
            return certified
        certified, until = self._check(chains.parse(x5c), purpose, at)
        if len(self._checked) >= MOST_CHAINS:
            self._checked.clear()
        self._checked[place] = certified, at, until
        return certified

    def key(self, kid: str, purpose: Purpose, at: datetime) -> Certified:
        """The published key of an id; raises Refusal KEY_UNKNOWN where no issuer published it."""
        chain = self._chain_of.get(kid)
        if chain is None:
            raise Refusal(Reason.KEY_UNKNOWN)
        return self.certified(list(chain), purpose, at)

    def _check(
        self, chain: list[x509.Certificate], purpose: Purpose, at: datetime
    ) -> tuple[Certified, datetime]:
        """The certified key, and until when that need not be asked again."""
        if not self._of_anchor:
            raise Refusal(Reason.CHAIN_UNTRUSTED)
        path = chains.path(chain, list(self._of_anchor))
        issuer = self._of_anchor[path[-1]]
        chains.check_days(path, at)
        chains.check_revocation(path, issuer.crls, at)
        key = chains.key_for(path[0], purpose)
        until = min(at + KEEP, *(each.not_valid_after_utc for each in path))
        return Certified(issuer, key, chains.names_of(path[0])), until


def published(x5c: Sequence[str]) -> str:
    """The key id of a published chain: the thumbprint of its own first key, whatever the document says."""
    key = chains.parse(list(x5c))[0].public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise Refusal(Reason.CHAIN_PURPOSE)
    return thumbprint(key)
