"""Signing in: an assertion for a token, and a token for the partner that calls."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from meibo import clock
from meibo.access.guard import leaf
from meibo.access.principals import Principal, Surface
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.crypto.keys import KeyProvider
from meibo.errors import Unauthenticated
from meibo.partners.callers import Callers
from meibo.partners.records import Binding, Partner
from meibo.partners.signin import assertions, proofs
from meibo.partners.signin.proofs import Proof
from meibo.partners.signin.refusals import INVALID_PROOF, INVALID_REQUEST, UNSUPPORTED_GRANT, Refusal
from meibo.partners.signin.replays import UsedProofs
from meibo.partners.signin.signed import SKEW_SECONDS, Unverified
from meibo.partners.signin.tokens import CERTIFICATE_BOUND, KEY_BOUND, SECONDS, AccessTokens
from meibo.settings import Settings

GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ENDPOINT = "/oauth/token"
OPERATION = "partner.sign_in"
MOST_LEAVES = 60
"""Refusals that a process records in the audit log in a minute; the metric counts them all, and a flood of them fills
no log. Known and unknown partners count alike, so that neither takes longer."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """What came to the token endpoint: the form, the DPoP headers, the thumbprint of a client certificate."""

    form: Mapping[str, str]
    proofs: Sequence[str] = ()
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCall:
    """What came with a request: its Authorization and DPoP headers, method, path, client certificate's thumbprint."""

    authorization: str
    proofs: Sequence[str] = ()
    method: str
    path: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, how it is presented, and the seconds for which it holds."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: int = SECONDS


@dataclass(frozen=True, slots=True)
class Declined:
    """A sign-in that was refused: RFC 6749's code, the same whoever the client is and whatever is wrong with it."""

    error: str


class PartnerSignIn:
    """Signs partners in; one for each process and event loop. `origin` is the address by which partners reach it."""

    def __init__(self, callers: Callers, tokens: AccessTokens, used: UsedProofs, audit: AuditLog) -> None:
        self.callers, self.tokens, self.used, self.audit = callers, tokens, used, audit
        self.origin = tokens.issuer
        self.counted: Counter[str] = Counter()
        self._minute, self._leaves = 0, 0

    async def token(self, request: TokenRequest) -> Issued | Declined:
        """A token for an assertion, or why there is none; both leave a leaf. Raises AuditUnavailable."""
        client = ""
        try:
            client, assertion = self._read(request.form)
            partner = await self._partner(client, assertion, clock.now())
            bound = await self._bound(partner, request, clock.now())
        except Refusal as refusal:
            await self._refused(client, refusal)
            return Declined(refusal.error)
        self.counted["issued"] += 1
        await self.audit.record(leaf(_principal(partner.id, partner.name), LeafKind.DONE, OPERATION, None))
        kind = "DPoP" if KEY_BOUND in bound else "Bearer"
        return Issued(self.tokens.issue(partner, bound, clock.now()), kind)

    async def partner(self, call: PartnerCall) -> Partner:
        """The partner that calls, by its access token; raises Unauthenticated alike for whatever is wrong."""
        try:
            return await self._calling(call, clock.now())
        except Refusal as refusal:
            self.counted[refusal.reason] += 1
            log.info("partner refused", extra={"refusal": refusal.reason})
        except Unauthenticated:
            self.counted["client"] += 1
            log.info("partner refused", extra={"refusal": "client"})
        raise Unauthenticated

    # --- An assertion for a token ------------------------------------------------------------------------

    def _read(self, form: Mapping[str, str]) -> tuple[str, Unverified]:
        """Whom an assertion claims to be of, and the assertion."""
        if "grant_type" not in form or "client_assertion" not in form:
            raise Refusal("form", INVALID_REQUEST)
        if form["grant_type"] != GRANT:
            raise Refusal("grant", UNSUPPORTED_GRANT)
        if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
            raise Refusal("form", INVALID_REQUEST)
        signed, client = assertions.named_client(form["client_assertion"])
        if form.get("client_id", client) != client:
            raise Refusal("iss")
        return client, signed

    async def _partner(self, client: str, signed: Unverified, at: datetime) -> Partner:
        """The partner that signed an assertion, which is used up by it."""
        found = await self.callers.find(client)
        keys = found.keys if found else ()
        checked = assertions.check(signed, client, keys, (self.origin, self.origin + ENDPOINT), at)
        if found is None or not found.may_call(clock.today()):
            raise Refusal("client")
        if not await self.used.is_first("assertion", client, checked.jti, checked.exp + 2 * SKEW_SECONDS):
            raise Refusal("replay")
        return found

    async def _bound(self, partner: Partner, request: TokenRequest, at: datetime) -> Mapping[str, str]:
        """What the token is bound to, as it was registered."""
        if partner.binding is Binding.MTLS:
            if not request.certificate or request.certificate != partner.certificate_thumbprint:
                raise Refusal("certificate")
            return {CERTIFICATE_BOUND: request.certificate}
        proof = self._proof(request.proofs, "POST", ENDPOINT, at)
        await self._use(proof)
        return {KEY_BOUND: proof.key}

    # --- A token for the partner that calls --------------------------------------------------------------

    async def _calling(self, call: PartnerCall, at: datetime) -> Partner:
        scheme, _, presented = call.authorization.partition(" ")
        token = presented.strip()
        claims = self.tokens.read(token, at)
        bound = claims["cnf"]
        partner = await self.callers.calling(claims["sub"])
        if partner.version != claims["ver"]:
            raise Refusal("version")
        if CERTIFICATE_BOUND in bound:
            if scheme.lower() != "bearer" or call.certificate != bound[CERTIFICATE_BOUND]:
                raise Refusal("certificate")
            return partner
        proof = self._proof(call.proofs, call.method, call.path, at, token)
        if scheme.lower() != "dpop" or proof.key != bound[KEY_BOUND]:
            raise Refusal("proof_key")
        await self._use(proof)
        return partner

    def _proof(
        self, given: Sequence[str], method: str, path: str, at: datetime, token: str | None = None
    ) -> Proof:
        if len(given) != 1:
            raise Refusal("proof", INVALID_PROOF)
        return proofs.check(given[0], method, self.origin + path, at, token)

    async def _use(self, proof: Proof) -> None:
        """Let a proof serve this once."""
        forget_at = proof.iat + 2 * proofs.WINDOW_SECONDS
        if not await self.used.is_first("proof", proof.key, proof.jti, forget_at):
            raise Refusal("proof_replay", INVALID_PROOF)

    # --- Refusals ----------------------------------------------------------------------------------------

    async def _refused(self, client: str, refusal: Refusal) -> None:
        """Count a refusal, and record it as long as there are not too many."""
        self.counted[refusal.reason] += 1
        log.info("partner refused", extra={"refusal": refusal.reason})
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._leaves = minute, 0
        self._leaves += 1
        if self._leaves <= MOST_LEAVES:
            found = await self.callers.find(client)
            caller = _principal(found.id, found.name) if found else _principal("unknown", "unknown")
            await self.audit.record(leaf(caller, LeafKind.REFUSAL, OPERATION, None, outcome=refusal.reason))


def open_sign_in(settings: Settings, callers: Callers, keys: KeyProvider, audit: AuditLog) -> PartnerSignIn:
    """The sign-in of one process."""
    tokens = AccessTokens(keys, (settings.verify_address or settings.public_url).rstrip("/"))
    return PartnerSignIn(callers, tokens, UsedProofs(callers.database), audit)


def _principal(client: str, institution: str) -> Principal:
    """A partner as the audit log names it."""
    return Principal(client, institution, "verify", Surface.VERIFY, frozenset(), frozenset())
