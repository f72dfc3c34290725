"""What is encrypted to us opens under our key alone, and only in the one form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey

from meibo.crypto.keys import FileKeys
from meibo.errors import MessageRefused
from meibo.link.encryption import Addressee
from meibo.link.envelopes import KEY

PLAIN = b'["plain"]'


@pytest.fixture
def ours(tmp_path: Path) -> Addressee:
    return Addressee(FileKeys(tmp_path), "paper:centre")


def encrypted(to: Addressee, **header: str) -> str:
    public: dict[str, str | list[str]] = {**to.public()}
    key = ECKey.import_key(public)
    algorithms = ["ECDH-ES", "ECDH-ES+A128KW", "A256GCM", "A128GCM", "DEF"]
    return jwe.encrypt_compact(
        {"alg": "ECDH-ES", "enc": "A256GCM", **header}, PLAIN, key, algorithms=algorithms
    )


def test_it_opens_under_our_key_alone(ours: Addressee, tmp_path: Path) -> None:
    sealed = encrypted(ours)
    assert ours.decrypt(sealed) == PLAIN
    for other in (
        Addressee(FileKeys(tmp_path), "paper:other"),
        Addressee(FileKeys(tmp_path / "x"), "paper:centre"),
    ):
        with pytest.raises(MessageRefused, match="UNREADABLE"):
            other.decrypt(sealed)


def test_what_came_before_a_key_was_renewed_opens_until_the_next_renewal(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    ours = Addressee(keys, "paper:centre")
    sealed, known = encrypted(ours), ours.public()
    keys.renew(KEY)
    assert (ours.decrypt(sealed), ours.public() == known) == (PLAIN, False)
    keys.renew(KEY)
    with pytest.raises(MessageRefused, match="UNREADABLE"):
        ours.decrypt(sealed)


def test_the_public_key_says_what_it_is_for_and_no_more(ours: Addressee) -> None:
    assert {name: ours.public().get(name) for name in ("kty", "crv", "use", "alg", "d")} == {
        "kty": "EC", "crv": "P-256", "use": "enc", "alg": "ECDH-ES", "d": None,
    }  # fmt: skip


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"enc": "A128GCM"}, {"alg": "ECDH-ES+A128KW"}])
def test_another_form_is_refused(ours: Addressee, header: dict[str, str]) -> None:
    with pytest.raises(MessageRefused, match="UNREADABLE"):
        ours.decrypt(encrypted(ours, **header))


def test_what_is_no_encryption_is_refused(ours: Addressee) -> None:
    direct = jwe.encrypt_compact(
        {"alg": "dir", "enc": "A256GCM"}, PLAIN, OctKey.generate_key(256), algorithms=["dir", "A256GCM"]
    )
    for wrong in ("", "garbled", "a.b.c.d.e", encrypted(ours)[:-1], direct, json.dumps({"a": 1})):
        with pytest.raises(MessageRefused, match="UNREADABLE"):
            ours.decrypt(wrong)
