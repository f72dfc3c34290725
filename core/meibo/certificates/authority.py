"""The issuing system of one installation: its names, its keys, what it has entered and what it publishes.

Each register file's administrator issues under a name and keys of its own; status lists and receipts are signed by
the installation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from meibo import clock
from meibo.certificates.asking import Asked
from meibo.certificates.claims import Claims
from meibo.certificates.entries import Draft, Entries, Format
from meibo.certificates.keys.folder import KeyFolder
from meibo.certificates.keys.signers import Purpose, Signer
from meibo.certificates.qr import issuing as qr
from meibo.certificates.replays import ProcessReplays, Replays
from meibo.certificates.sdjwt.issuing import LIFETIME, Issuer, expiry, holder_key
from meibo.certificates.status.indices import Indices, Medium
from meibo.certificates.status.publishing import Publisher
from meibo.certificates.status.reading import StatusReader
from meibo.certificates.status.targets import FolderTarget, open_target
from meibo.certificates.trust import documents
from meibo.certificates.trust.fetching import StatusFetcher
from meibo.certificates.trust.folder import TrustFolder
from meibo.certificates.trust.issuers import TrustedIssuer
from meibo.certificates.verification import Verifier
from meibo.crypto.keys import KeyProvider
from meibo.database.stores import Database
from meibo.professions.compiled import Profession
from meibo.settings import Settings

JWKS, TRUST = "jwks.json", "trust.json"
"""What stands beside the status lists, and below /.well-known/."""


@dataclass(frozen=True, slots=True)
class Names:
    """By which names an installation issues what."""

    origin: str
    types: Mapping[str, frozenset[str]]
    """iss -> the types of its certificates."""

    @classmethod
    def of(cls, origin: str, professions: Iterable[Profession]) -> Names:
        """One name for each register file that has certificates."""
        types: dict[str, set[str]] = {}
        for each in professions:
            if each.plugin.certificate:
                types.setdefault(iss_of(origin, each), set()).add(each.plugin.certificate.type)
        return cls(origin, {iss: frozenset(found) for iss, found in types.items()})

    @property
    def lists(self) -> str:
        """The address below which status lists stand."""
        return f"{self.origin}/status/"

    @property
    def check_page(self) -> str:
        """The page that a QR certificate's link opens; the certificate stands in its fragment."""
        return f"{self.origin}/check"

    def needed_keys(self) -> list[tuple[Purpose, str]]:
        """Every key that is needed: (purpose, name)."""
        of_issuers = [(p, iss) for iss in sorted(self.types) for p in (Purpose.CERTIFICATE, Purpose.QR)]
        return [*of_issuers, (Purpose.STATUS, self.origin), (Purpose.RECEIPT, self.origin)]


def iss_of(origin: str, profession: Profession) -> str:
    """The name under which a profession's administrator issues."""
    return f"{origin}/issuers/{profession.file or profession.code}"


@dataclass(slots=True)
class Authority:
    """Issues, publishes and verifies for one installation."""

    names: Names
    keys: KeyFolder
    entries: Entries
    publisher: Publisher
    trusted: TrustFolder
    fetcher: StatusFetcher
    replays: Replays = field(default_factory=ProcessReplays)
    _issuers: dict[tuple[str, str], Issuer] = field(default_factory=dict)
    _verifier: Verifier | None = None

    async def issue(
        self,
        scope: int,
        profession: Profession,
        licence: UUID,
        claims: Claims,
        holders: Sequence[Mapping[str, Any]],
        asked: Asked | None = None,
    ) -> list[str]:
        """A certificate of a licence for each public key (JWK) of its holder, for 90 days; where the holder `asked`,
        the one.

        Raises Refused as `Entries.enter` does, InvalidValue for a key, OperatorError without a signing key.
        """
        day = clock.today()
        issuer = self._issuer(iss_of(self.names.origin, profession))
        bound = [holder_key(each) for each in holders]  # Refused before anything is entered.
        draft = Draft(
            format=Format.SD_JWT,
            claims=tuple(claims.values),
            medium=Medium.DIGITAL,
            expiry_date=day + LIFETIME,
        )
        entered = await self.entries.enter(scope, [licence] * len(bound), draft, asked)
        return [
            str(issuer.issue(claims, holder, entry.status, day))
            for holder, entry in zip(bound, entered, strict=True)
        ]

    async def issue_qr(
        self,
        scope: int,
        profession: Profession,
        licence: UUID,
        claims: Claims,
        lifetime: timedelta = LIFETIME,
        medium: Medium = Medium.PAPER,
        asked: Asked | None = None,
    ) -> bytes:
        """A QR certificate of a licence. Raises as `issue` does; OperatorError also where no key lasts so long."""
        at, ends = clock.now(), clock.today() + lifetime
        name, until = iss_of(self.names.origin, profession), clock.start_of_day(ends)
        signer = self.keys.signer(Purpose.QR, name, at, until)
        draft = Draft(format=Format.QR, claims=tuple(claims.values), medium=medium, expiry_date=ends)
        [entry] = await self.entries.enter(scope, [licence], draft, asked)
        return qr.issue(signer, claims, entry.status, at, until)

    def receipt_signer(self) -> Signer:
        """The key that signs verification receipts; raises OperatorError without one."""
        return self.keys.signer(Purpose.RECEIPT, self.names.origin, clock.now())

    def verifier(self) -> Verifier:
        """What verifies certificates of ours and of all whom the trust folder names."""
        trust = self.trusted.trust()
        if self._verifier is None or self._verifier.trust is not trust:
            self._verifier = Verifier(trust, StatusReader(trust, self.fetcher), self.replays)
        return self._verifier

    def documents(self, at: datetime) -> dict[str, bytes]:
        """The JWKS and the trust list, by name."""
        return own_documents(self.names, self.keys, at)

    def _issuer(self, iss: str) -> Issuer:
        signer = self.keys.signer(Purpose.CERTIFICATE, iss, clock.now(), expiry(clock.today()))
        if (iss, signer.kid) not in self._issuers:
            self._issuers[iss, signer.kid] = Issuer(iss, signer)
        return self._issuers[iss, signer.kid]


def own_documents(names: Names, keys: KeyFolder, at: datetime) -> dict[str, bytes]:
    """The JWKS and the trust list, by name."""
    told = documents.trust_list(keys, names.origin, names.types, names.lists, at)
    return {JWKS: orjson.dumps(documents.jwks(keys, at)), TRUST: orjson.dumps(told)}


class _OwnTrust:
    """We, as our own verifier knows us; the same object as long as our document says the same."""

    def __init__(self, names: Names, keys: KeyFolder) -> None:
        self._names, self._keys = names, keys
        self._document = b""
        self._issuer: TrustedIssuer | None = None

    def __call__(self) -> TrustedIssuer | None:
        if not self._keys.held():
            return None
        document = own_documents(self._names, self._keys, clock.now())[TRUST]
        if document != self._document:
            self._document, self._issuer = document, documents.read(document)
        return self._issuer


def open_authority(
    settings: Settings,
    professions: Iterable[Profession],
    database: Database,
    scopes: Iterable[int],
    keys: KeyProvider,
) -> Authority:
    """The authority of an installation."""
    names = Names.of(settings.public_url.rstrip("/"), professions)
    held = KeyFolder(Path(settings.signing_keys or settings.path("keys/signing")), keys)
    target = open_target(settings.status_target or str(settings.path("status")), settings.status_token)
    publisher = Publisher(
        database,
        tuple(scopes),
        lambda at: held.signer(Purpose.STATUS, names.origin, at),
        names.lists,
        target,
        lambda at: own_documents(names, held, at) if held.held() else {},
    )
    trust = Path(settings.trust_folder or settings.path("trust"))
    own = [target.folder] if isinstance(target, FolderTarget) else []
    return Authority(
        names,
        held,
        Entries(database, Indices(keys), names.lists),
        publisher,
        TrustFolder(trust, _OwnTrust(names, held)),
        StatusFetcher([*own, trust / "status"], names.lists if own else None),
    )
