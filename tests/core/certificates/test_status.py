"""Status lists: the official vectors, packing, tokens in both forms, and every defect refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import cbor2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from hypothesis import given
from hypothesis import strategies as st

from meibo import clock
from meibo.certificates import cose, jws
from meibo.certificates.encoding import decode
from meibo.certificates.keys import es256
from meibo.certificates.keys.signers import Purpose
from meibo.certificates.outcomes import Reason, State
from meibo.certificates.status import tokens
from meibo.certificates.status.lists import SIZE, Status, build, unpack
from tests.core.certificates.cases.status_tokens import REFUSED
from tests.core.certificates.world import LIST, Published, World

OFFICIAL = json.loads(
    (Path(__file__).parents[2] / "data" / "certificates" / "status_lists.json").read_text("utf-8")
)


@pytest.mark.parametrize("vector", OFFICIAL["vectors"], ids=lambda v: f"{v['bits']} bits")
def test_the_official_vectors_decode(vector: dict[str, object]) -> None:
    listed = unpack(vector["bits"], decode(str(vector["lst"]).encode()))
    entries = vector["entries"]
    assert isinstance(entries, dict)

    assert len(listed) == OFFICIAL["size"] == SIZE
    assert {int(i): listed[int(i)] for i in entries} == {int(i): value for i, value in entries.items()}
    assert sum(map(bool, (listed[i] for i in range(SIZE)))) == sum(map(bool, entries.values()))


def test_our_list_of_the_official_entries_is_the_official_one() -> None:
    vector = OFFICIAL["vectors"][1]
    listed = build((int(i), value) for i, value in vector["entries"].items())

    assert (listed.bits, listed.packed()) == (2, decode(vector["lst"].encode()))


@given(entries=st.dictionaries(st.integers(0, 4095), st.sampled_from(list(Status))))
def test_a_list_says_what_was_entered(entries: dict[int, Status]) -> None:
    listed = unpack(2, build(entries.items(), size=4096).packed())

    assert [listed[i] for i in range(4096)] == [entries.get(i, 0) for i in range(4096)]


@pytest.mark.parametrize("index", [-1, 4096])
def test_there_is_nothing_beyond_a_list(index: int) -> None:
    with pytest.raises(IndexError):
        build([], size=4096)[index]


@pytest.mark.parametrize("defect", REFUSED)
async def test_every_defect_has_its_reason(world: World, defect: str) -> None:
    reason, case = REFUSED[defect]
    verifier = world.verifier()
    verifier.statuses.fetcher = Published({LIST: case(world)})
    outcome = await verifier.presentation(world.issued(), None)

    assert (outcome.state, outcome.reason) == (State.STATUS_UNAVAILABLE, reason)
    assert outcome.status_as_of is None


async def test_a_list_is_fetched_once_in_its_ttl(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, published = world.verifier(), Published({LIST: world.status_token()})
    verifier.statuses.fetcher = published
    for seconds in (0, 29, 31):
        monkeypatch.setattr(clock, "now", lambda s=seconds: world.at + timedelta(seconds=s))
        assert (await verifier.presentation(world.issued(), None)).is_valid

    assert published.asked == [LIST, LIST]


async def test_a_list_out_of_reach_is_not_made_up_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, published = world.verifier(), Published({LIST: world.status_token()})
    verifier.statuses.fetcher = published
    monkeypatch.setattr(clock, "now", lambda: world.at)
    assert (await verifier.presentation(world.issued(), None)).is_valid

    published.tokens.clear()
    monkeypatch.setattr(clock, "now", lambda: world.at + timedelta(seconds=31))
    outcome = await verifier.presentation(world.issued(), None)
    assert (outcome.state, outcome.reason) == (State.STATUS_UNAVAILABLE, Reason.STATUS_UNREACHABLE)


def test_both_forms_say_the_same(world: World) -> None:
    signer = world.signers[Purpose.STATUS]
    listed = build([(5, Status.SUSPENDED)], size=4096)
    token = tokens.write(signer, LIST, listed, world.at)
    told, message = jws.read(token.jwt).payload, cose.read(token.cwt)
    iat = int(world.at.timestamp())

    assert told | {"status_list": 0} == {
        "sub": LIST, "iat": iat, "exp": iat + 86_400, "ttl": 30, "status_list": 0,
    }  # fmt: skip
    assert {k: v for k, v in message.claims.items() if k != tokens.STATUS_LIST} == {
        2: LIST, 6: iat, 4: iat + 86_400, 65534: 30,
    }  # fmt: skip
    assert message.claims[65533] == {"bits": 2, "lst": listed.packed()}
    assert decode(told["status_list"]["lst"].encode()) == listed.packed()
    assert message.protected[cose.TYP] == "application/statuslist+cwt"
    leaf = x509.load_der_x509_certificate(message.protected[cose.X5CHAIN])
    key = leaf.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    assert es256.verifies(key, message.signature, message.signed)
    assert cbor2.loads(token.cwt).tag == 18
