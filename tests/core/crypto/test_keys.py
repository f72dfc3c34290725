"""Keys, seals and envelopes: nothing opens where it does not belong."""

from __future__ import annotations

import pickle
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.crypto.envelopes import Envelope, WrappedKey
from meibo.crypto.keys import (
    KEY_BYTES,
    FileKeys,
    Key,
    cipher_of,
    derive,
    mac,
    seal,
    unseal,
    unseal_with,
    unveil,
    veil,
)
from meibo.errors import SealBroken, SettingsError

SECRET, OTHER = b"s" * 32, b"o" * 32
KEY = Key("it", 1, SECRET)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_is_sealed_opens_in_its_place(plain: bytes, where: bytes) -> None:
    sealed = seal(SECRET, plain, where)
    assert (
        unseal(SECRET, sealed, where) == unseal_with(cipher_of(Key("it", 1, SECRET)), sealed, where) == plain
    )
    assert len(sealed) == len(plain) + 28
    for secret, place in ((OTHER, where), (SECRET, where + b"x")):
        with pytest.raises(SealBroken):
            unseal(secret, sealed, place)


@given(st.binary(max_size=40), st.data())
def test_no_bit_of_a_seal_may_change(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(SECRET, plain, b""))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealBroken):
        unseal(SECRET, bytes(sealed), b"")


@pytest.mark.parametrize("cut", [b"", b"x", b"x" * 12, b"x" * 27])
def test_what_is_too_short_is_broken(cut: bytes) -> None:
    with pytest.raises(SealBroken):
        unseal(SECRET, cut, b"")
    with pytest.raises(SealBroken):
        unveil(KEY, cut)


def test_equal_values_are_sealed_unlike_and_veiled_alike() -> None:
    assert seal(SECRET, b"a", b"") != seal(SECRET, b"a", b"")
    assert veil(KEY, b"a") == veil(KEY, b"a")
    assert unveil(KEY, veil(KEY, b"a")) == b"a"
    with pytest.raises(SealBroken):
        unveil(Key("it", 1, OTHER), veil(KEY, b"a"))


def test_keys_for_two_purposes_differ() -> None:
    one, two = derive(KEY, "list"), derive(KEY, "history")
    assert len({SECRET, one.secret, two.secret}) == 3
    assert derive(KEY, "list") == one
    assert mac(one, b"m") != mac(two, b"m")
    assert mac(KEY, b"m").hex() == mac(Key("named otherwise", 9, SECRET), b"m").hex()


def test_a_key_never_prints_itself() -> None:
    assert repr(Key("it", 3, b"secret" * 5)) == "Key(it v3)"


def test_another_process_is_told_the_folder_and_no_key(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    secret = keys.newest("register/doctor").secret
    sent = pickle.dumps(keys)
    assert secret not in sent
    assert pickle.loads(sent).newest("register/doctor").secret == secret  # noqa: S301 - Our own.


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = FileKeys(tmp_path / "keys").newest("register/doctor")
    assert (made.name, made.version, len(made.secret)) == ("register/doctor", 1, KEY_BYTES)
    assert FileKeys(tmp_path / "keys").newest("register/doctor") == made
    [file] = (tmp_path / "keys" / "register").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == ("doctor.1", 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) & 0o077 == 0


def test_a_renewed_key_serves_next_and_the_old_one_still_opens(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    envelope = Envelope(keys, "register/doctor")
    secret, before = envelope.new(b"licence 1")
    for _ in range(10):
        keys.renew("register/doctor")
    after = envelope.wrap(secret, b"licence 1")
    assert (before.version, after.version) == (1, 11)
    again = Envelope(FileKeys(tmp_path), "register/doctor")
    assert again.unwrap(before, b"licence 1") == again.unwrap(after, b"licence 1") == secret
    assert again.keys.newest("register/doctor").version == 11


def test_a_wrapped_key_opens_nowhere_else(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path)
    _, wrapped = Envelope(keys, "register/doctor").new(b"licence 1")
    keys.renew("register/doctor")
    keys.newest("register/nurse")
    for name, moved, context in (
        ("register/doctor", wrapped, b"licence 2"),
        ("register/nurse", wrapped, b"licence 1"),
        ("register/doctor", WrappedKey(wrapped.wrapped, 2), b"licence 1"),
        ("register/doctor", WrappedKey(wrapped.wrapped, 3), b"licence 1"),
    ):
        with pytest.raises(SealBroken):
            Envelope(keys, name).unwrap(moved, context)


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    FileKeys(tmp_path).newest("search")
    tmp_path.joinpath("search.1").write_bytes(b"short")
    with pytest.raises(SettingsError) as refused:
        FileKeys(tmp_path).newest("search")
    assert refused.value.en == "The key file search.1 is damaged: restore it from its backup."


MAKING = """
import sys, time
from pathlib import Path
from meibo.crypto.keys import FileKeys
keys = FileKeys(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(keys.newest("register/doctor").secret.hex())
"""


def test_processes_that_make_a_key_at_once_agree(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKING, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for each in makers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in makers:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    secrets = {each.communicate()[0] for each in makers}
    assert [each.returncode for each in makers] == [0] * 4
    assert secrets == {FileKeys(tmp_path).newest("register/doctor").secret.hex() + "\n"}
    assert [file.name for file in (tmp_path / "register").iterdir()] == ["doctor.1"]
