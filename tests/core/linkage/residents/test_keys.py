"""The network's keys: two kinds in one file, which is believed whole or not at all."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from meibo.certificates.keys.signers import jwk
from meibo.crypto.keys import FileKeys
from meibo.errors import SettingsError
from meibo.linkage.residents.exchange import CONNECTOR, open_envelopes, public_keys

SIGNING, ENCRYPTION, OTHER = (
    {**jwk(generate_private_key(SECP256R1()).public_key()), "kid": kid, "use": use}
    for kid, use in (("s", "sig"), ("e", "enc"), ("o", "enc"))
)


def opened(folder: Path, content: bytes) -> object:
    (folder / f"{CONNECTOR}.jwks.json").write_bytes(content)
    return open_envelopes(FileKeys(folder / "keys"), folder)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert open_envelopes(FileKeys(tmp_path / "keys"), tmp_path) is None


def test_the_two_kinds_of_keys_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / f"{CONNECTOR}.jwks.json").write_bytes(orjson.dumps({"keys": [ENCRYPTION, SIGNING]}))
    envelopes = open_envelopes(FileKeys(tmp_path / "keys"), tmp_path)
    assert envelopes is not None
    assert list(envelopes.peer.signing) == ["s"]
    assert jwk(envelopes.peer.encryption)["x"] == ENCRYPTION["x"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        orjson.dumps({"keys": [SIGNING]}),
        orjson.dumps({"keys": [SIGNING, ENCRYPTION, OTHER]}),
        orjson.dumps({"keys": [SIGNING, {**ENCRYPTION, "d": "AA"}]}),
        orjson.dumps({"keys": [SIGNING, {**ENCRYPTION, "y": SIGNING["y"]}]}),
    ],
)
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SettingsError):
        opened(tmp_path, content)


def test_what_we_hand_over_opens_nothing_and_stays(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")
    first, second = public_keys(keys)["keys"]
    assert (first["use"], second["use"], first["x"] == second["x"]) == ("sig", "enc", False)
    assert public_keys(FileKeys(tmp_path / "keys"))["keys"] == [first, second]
