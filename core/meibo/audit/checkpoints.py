"""Signed statements of the tree's size and root: C2SP tlog-checkpoint in C2SP signed notes, with Ed25519.

    meibo/<installation>
    <size>
    <root in base64>

    — meibo/<installation> <base64 of key id and signature>

Anybody who kept one can show later that the log was rewritten. See https://c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from meibo.audit.merkle import HASH_BYTES
from meibo.crypto.keys import Key
from meibo.errors import InvalidValue, OperatorError

CHECKPOINT_KEY = "audit-checkpoint"
ED25519 = b"\x01"
KEY_ID_BYTES = 4
NOTE_LENGTH = 65_536

_INSTALLATION = re.compile(r"[^\s+]{1,100}")
_NOTE = re.compile(r"(?P<text>.+?\n)\n(?P<signatures>(?:— [^\s+]+ [A-Za-z0-9+/]+=*\n)+)", re.DOTALL)
_TEXT = re.compile(r"(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[^\n]+)\n(?:[^\n]+\n)*")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree: whose, of how many leaves, under which root."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


def origin(installation: str) -> str:
    """The log's and its key's name. Raises OperatorError where a signed note could not hold it."""
    if not _INSTALLATION.fullmatch(installation):
        raise OperatorError("An installation's name has up to 100 signs, without spaces and without '+'.")
    return f"meibo/{installation}"


def sign_checkpoint(checkpoint: Checkpoint, key: Key) -> str:
    """The signed note; the key's secret is an Ed25519 seed."""
    return sign_note(str(checkpoint), checkpoint.origin, key)


def sign_note(text: str, origin: str, key: Key) -> str:
    """Any text whose lines each end, as a C2SP signed note."""
    private = Ed25519PrivateKey.from_private_bytes(key.secret)
    key_id = _key_id(origin, private.public_key().public_bytes_raw())
    return f"{text}\n— {origin} {_encode(key_id + private.sign(text.encode()))}\n"


def verifier_key(key: Key, origin: str) -> str:
    """The public key as a C2SP vkey, `<name>+<key id>+<base64>`: publish it, so that anybody can verify."""
    public = Ed25519PrivateKey.from_private_bytes(key.secret).public_key().public_bytes_raw()
    return f"{origin}+{_key_id(origin, public).hex()}+{_encode(ED25519 + public)}"


def open_note(note: str, public_key: str) -> str:
    """The text of a C2SP signed note, signed by `public_key` (a C2SP vkey), whoever else signed it.

    Raises InvalidValue `checkpoint.unverified`, always the same, for anything else.
    """
    try:
        return _signed_text(note, public_key)
    except (InvalidSignature, ValueError) as error:
        raise _unverified() from error


def verify_checkpoint(note: str, public_key: str) -> Checkpoint:
    """The checkpoint in a note that `public_key` signed, where both have the same name.

    Raises InvalidValue `checkpoint.unverified`, always the same, for anything else.
    """
    text = open_note(note, public_key)
    try:
        return _checkpoint(text, public_key.split("+", 1)[0])
    except ValueError as error:
        raise _unverified() from error


def _unverified() -> InvalidValue:
    return InvalidValue(
        "checkpoint.unverified",
        "チェックポイントの署名を確認できません。",
        "This checkpoint is not signed by the given key.",
    )


def _signed_text(note: str, public_key: str) -> str:
    if len(note) > NOTE_LENGTH:
        raise ValueError("too long")
    name, key_id, public = _parse_key(public_key)
    text, signatures = _match(_NOTE, note).group("text", "signatures")
    ours = [line for line in signatures.splitlines() if line.startswith(f"— {name} ")]
    signed = [_decode(line.rpartition(" ")[2]) for line in ours]
    signature = next((each[KEY_ID_BYTES:] for each in signed if each[:KEY_ID_BYTES] == key_id), b"")
    Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    return text


def _checkpoint(text: str, name: str) -> Checkpoint:
    found = _match(_TEXT, text)
    checkpoint = Checkpoint(found["origin"], int(found["size"]), _decode(found["root"]))
    if checkpoint.origin != name or len(checkpoint.root) != HASH_BYTES:
        raise ValueError("another log's")
    return checkpoint


def _parse_key(public_key: str) -> tuple[str, bytes, bytes]:
    """Name, key id and raw public key of a vkey."""
    name, key_id, encoded = public_key.split("+", 2)
    decoded = _decode(encoded)
    public = decoded[1:]
    if decoded[:1] != ED25519 or _key_id(name, public).hex() != key_id:
        raise ValueError("no Ed25519 key")
    return name, bytes.fromhex(key_id), public


def _key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_ID_BYTES]


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError("malformed")
    return found


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(encoded: str) -> bytes:
    return base64.b64decode(encoded, validate=True)
