"""Nonces are believed from the holder who was given them, for five minutes, and used once by whoever is first."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from meibo import clock
from meibo.certificates import nonces, replays
from meibo.certificates.encoding import decode, encode
from meibo.certificates.nonces import LASTS, LENGTH, Nonces
from meibo.certificates.outcomes import Reason, Refusal
from meibo.certificates.replays import KEEP
from meibo.certificates.tables import seen_binding
from meibo.clockwork import PRUNE
from meibo.crypto.keys import FileKeys
from meibo.database.stores import Database
from meibo.installation import Installation
from meibo.jobs import Lease, Nothing

HOLDER, STRANGER = "P-1", "P-2"
SECOND = timedelta(seconds=1)


@pytest.fixture
def keys(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path)


def reason(given: Nonces, text: str, holder: str = HOLDER, after: timedelta = timedelta()) -> Reason:
    """Why a nonce is refused."""
    with pytest.raises(Refusal) as refused:
        given.check(text, holder, clock.now() + after)
    return refused.value.reason


def test_a_nonce_is_believed_for_five_minutes(keys: FileKeys) -> None:
    nonce = Nonces(keys).give(HOLDER, clock.now())
    assert len(nonce.text) == LENGTH
    assert nonce.expires_at - clock.now() <= LASTS
    Nonces(keys).check(nonce.text, HOLDER, nonce.expires_at)
    assert reason(Nonces(keys), nonce.text, after=LASTS + SECOND) is Reason.EXPIRED


def test_no_two_nonces_are_alike(keys: FileKeys) -> None:
    at = clock.now()
    assert len({Nonces(keys).give(HOLDER, at).text for _ in range(100)}) == 100


def test_a_nonce_is_of_one_holder_and_one_installation(keys: FileKeys, tmp_path: Path) -> None:
    text = Nonces(keys).give(HOLDER, clock.now()).text
    assert reason(Nonces(keys), text, STRANGER) is Reason.NONCE
    assert reason(Nonces(FileKeys(tmp_path / "other")), text) is Reason.NONCE


def test_a_nonce_of_before_the_key_was_renewed_is_believed(keys: FileKeys) -> None:
    nonce = Nonces(keys).give(HOLDER, clock.now())
    keys.renew(nonces.KEY)
    Nonces(keys).check(nonce.text, HOLDER, clock.now())
    renewed = Nonces(keys).give(HOLDER, clock.now()).text
    assert decode(renewed.encode())[: nonces.VERSION_BYTES] == (2).to_bytes(nonces.VERSION_BYTES)


def test_no_changed_nonce_is_believed(keys: FileKeys) -> None:
    raw = decode(Nonces(keys).give(HOLDER, clock.now()).text.encode())
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert reason(Nonces(keys), encode(changed).decode()) is Reason.NONCE


@given(st.text(max_size=80) | st.text("AZaz09-_", min_size=LENGTH, max_size=LENGTH))
def test_no_text_gets_further_than_a_refusal(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assert reason(Nonces(FileKeys(tmp_path_factory.getbasetemp() / "nonces")), text) is Reason.NONCE


async def use(database: Database, text: str, *, keep: bool = True) -> bool:
    """Use a nonce in a unit of work of its own."""
    async with database.write() as work:
        first = await nonces.use(work.connection, text, clock.now())
        if keep:
            await work.commit()
    return first


async def test_a_nonce_is_used_once_however_many_try(installation: Installation) -> None:
    database, text = installation.register, Nonces(installation.keys).give(HOLDER, clock.now()).text
    assert sorted(await asyncio.gather(*(use(database, text) for _ in range(5)))) == [False] * 4 + [True]


async def test_a_nonce_is_used_with_the_commit(installation: Installation) -> None:
    assert [await use(installation.register, "n", keep=keep) for keep in (False, True, True)] == [
        True, True, False,
    ]  # fmt: skip


async def test_of_a_used_nonce_the_hash_is_kept_for_seven_minutes(installation: Installation) -> None:
    database = installation.register
    await use(database, "n")
    async with database.read() as connection:
        [row] = (await connection.execute(select(seen_binding))).all()
    assert (row.id, row.request) == (encode(sha256(b"n").digest()).decode(), None)
    assert await replays.forget(database, row.seen_at + KEEP - SECOND) == 0
    assert await replays.forget(database, row.seen_at + KEEP) == 1
    assert KEEP == timedelta(minutes=7) > LASTS


async def test_the_clock_forgets_them(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    await use(installation.register, "n")
    [prune] = [each for each in installation.handlers if each.kind is PRUNE]
    for after, first in ((KEEP - SECOND * 5, False), (KEEP + SECOND, True)):
        later = clock.now() + after
        with monkeypatch.context() as patched:
            patched.setattr(clock, "now", lambda later=later: later)
            await prune.run(cast(Lease, None), Nothing())
        assert await use(installation.register, "n", keep=False) is first
