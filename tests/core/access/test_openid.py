"""Which tokens sign a holder in, and which do not; where keys come from, and how often they are asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from meibo.access.openid import IdentityProvider, KeySets, SignIn
from meibo.errors import SettingsError, SourceUnavailable, Unauthenticated
from meibo.logs import AllowListFormatter
from meibo.settings import Settings, load_settings
from meibo_sandbox.openid import Fault, IdentityProviderStandIn
from tests.identity_provider import AUDIENCE, PEOPLE, provider_of, running_provider

HOLDER = PEOPLE[0].pseudonym
REASONS = {
    Fault.ALG_NONE: "alg",
    Fault.EXPIRED: "expired_token",
    Fault.HS256_WITH_PUBLIC_KEY: "alg",
    Fault.ISSUED_LATER: "invalid_claim",
    Fault.NOT_YET_VALID: "invalid_claim",
    Fault.NO_EXPIRY: "missing_claim",
    Fault.NO_KEY_ID: "kid",
    Fault.NO_SUBJECT: "subject",
    Fault.NO_TYPE: "typ",
    Fault.OTHER_SUBJECT: "subject",
    Fault.ROGUE_KEY: "bad_signature",
    Fault.STANDING: "life",
    Fault.TAMPERED: "bad_signature",
    Fault.UNKNOWN_KEY: "kid",
    Fault.WRONG_AUDIENCE: "invalid_claim",
    Fault.WRONG_ISSUER: "invalid_claim",
    Fault.WRONG_TYPE: "typ",
}
"""What the log says of each fault, in a word and without a value."""


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture(scope="module")
def shared() -> Iterator[IdentityProviderStandIn]:
    with running_provider() as running:
        yield running


@pytest.fixture
def stand_in(shared: IdentityProviderStandIn) -> IdentityProviderStandIn:
    shared.fault, shared.jwks_asked = None, 0
    return shared


def sign_in(stand_in: IdentityProviderStandIn, clock: Clock | None = None) -> SignIn:
    provider = provider_of(stand_in)
    return SignIn(provider, KeySets(provider, clock or Clock()))


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "AT+JWT", "JWT"])
async def test_a_sound_token_signs_its_holder_in(stand_in: IdentityProviderStandIn, typ: str) -> None:
    signed_in = await sign_in(stand_in).holder(stand_in.issue(HOLDER, typ=typ))
    assert signed_in.pseudonym == HOLDER


@pytest.mark.parametrize("fault", Fault)
async def test_a_faulty_token_signs_nobody_in(
    stand_in: IdentityProviderStandIn, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    token = stand_in.issue(HOLDER, fault=fault)
    with caplog.at_level(logging.INFO, "meibo.access.openid"), pytest.raises(Unauthenticated):
        await sign_in(stand_in).holder(token)
    [line] = [record for record in caplog.records if record.name == "meibo.access.openid.tokens"]
    written = AllowListFormatter().format(line)
    assert json.loads(written)["refusal"] == REASONS[fault]
    assert HOLDER not in written
    assert token not in repr(line.__dict__)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é.b.c", "....", "y" * 9000, "meibo_" + "y" * 40])
async def test_what_is_no_token_asks_nobody(stand_in: IdentityProviderStandIn, text: str) -> None:
    with pytest.raises(Unauthenticated):
        await sign_in(stand_in).holder(text)
    assert stand_in.jwks_asked == 0


async def test_an_algorithm_that_is_not_allowed_is_refused(stand_in: IdentityProviderStandIn) -> None:
    provider = replace(provider_of(stand_in), algorithms=frozenset({"PS256"}))
    with pytest.raises(Unauthenticated):
        await SignIn(provider, KeySets(provider, Clock())).holder(stand_in.issue(HOLDER))


async def test_another_claim_may_hold_the_pseudonym(stand_in: IdentityProviderStandIn) -> None:
    provider = replace(provider_of(stand_in), subject_claim="nonce")
    token = stand_in.issue("somebody", nonce=HOLDER)
    assert (await SignIn(provider, KeySets(provider, Clock())).holder(token)).pseudonym == HOLDER


async def test_keys_are_fetched_once_in_an_hour(stand_in: IdentityProviderStandIn) -> None:
    clock = Clock()
    signing = sign_in(stand_in, clock)
    for _ in range(3):
        await signing.holder(stand_in.issue(HOLDER))
    clock.seconds += 3599
    await signing.holder(stand_in.issue(HOLDER))
    assert stand_in.jwks_asked == 1
    clock.seconds += 1
    await signing.holder(stand_in.issue(HOLDER))
    assert stand_in.jwks_asked == 2


async def test_a_new_key_is_found_and_a_withdrawn_one_forgotten(stand_in: IdentityProviderStandIn) -> None:
    clock = Clock()
    signing = sign_in(stand_in, clock)
    before = stand_in.issue(HOLDER)
    await signing.holder(before)
    stand_in.keys.rotate(forget=True)
    clock.seconds += 60
    assert (await signing.holder(stand_in.issue(HOLDER))).pseudonym == HOLDER
    with pytest.raises(Unauthenticated):
        await signing.holder(before)
    assert stand_in.jwks_asked == 2


async def test_unknown_keys_are_asked_for_once_a_minute(stand_in: IdentityProviderStandIn) -> None:
    clock = Clock()
    signing = sign_in(stand_in, clock)
    await signing.holder(stand_in.issue(HOLDER))
    for seconds, asked in ((0, 1), (59, 1), (1, 2), (0, 2), (59, 2), (1, 3)):
        clock.seconds += seconds
        with pytest.raises(Unauthenticated):
            await signing.holder(stand_in.issue(HOLDER, fault=Fault.UNKNOWN_KEY))
        assert stand_in.jwks_asked == asked


async def test_a_provider_that_is_down_signs_nobody_in() -> None:
    with running_provider() as running:
        token, signing = running.issue(HOLDER), sign_in(running)
    with pytest.raises(SourceUnavailable):
        await signing.holder(token)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/sandbox/people", "/authorize"])
async def test_keys_that_are_no_key_set_are_not_used(stand_in: IdentityProviderStandIn, path: str) -> None:
    provider = replace(provider_of(stand_in), jwks_url=stand_in.issuer + path)
    with pytest.raises(SourceUnavailable):
        await SignIn(provider, KeySets(provider, Clock())).holder(stand_in.issue(HOLDER))


async def test_discovery_of_another_issuer_is_not_believed(stand_in: IdentityProviderStandIn) -> None:
    provider = replace(provider_of(stand_in), issuer=stand_in.issuer + "/")
    with pytest.raises(SourceUnavailable):
        await SignIn(provider, KeySets(provider, Clock())).holder(stand_in.issue(HOLDER))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"portal_issuer": "https://id.example.jp"}, "portal_audience"),
        ({"portal_issuer": "http://id.example.jp", "portal_audience": "x"}, "portal_issuer"),
        (
            {"portal_issuer": "https://id.example.jp", "portal_audience": "x", "portal_algorithms": "HS256"},
            "portal_algorithms",
        ),
        (
            {"portal_issuer": "https://id.example.jp", "portal_audience": "x", "portal_algorithms": " "},
            "portal_algorithms",
        ),
    ],
)
def test_settings_that_would_believe_too_much_are_refused(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        IdentityProvider.of(load_settings({f"MEIBO_{name.upper()}": value for name, value in given.items()}))


def test_settings_name_the_provider() -> None:
    assert IdentityProvider.of(Settings()) is None
    told = Settings(
        portal_issuer="https://id.example.jp", portal_audience=AUDIENCE, portal_algorithms="ES256,PS256"
    )
    assert IdentityProvider.of(told) == IdentityProvider(
        issuer="https://id.example.jp", audience=AUDIENCE, algorithms=frozenset({"ES256", "PS256"})
    )
