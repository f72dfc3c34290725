"""Signed notes: what is accepted, and every way to be refused."""

from __future__ import annotations

import base64

import pytest

from meibo.audit.checkpoints import (
    Checkpoint,
    open_note,
    origin,
    sign_checkpoint,
    verifier_key,
    verify_checkpoint,
)
from meibo.crypto.keys import Key
from meibo.errors import InvalidValue, OperatorError

KEY = Key("audit-checkpoint", 1, bytes(range(32)))
OTHER = Key("audit-checkpoint", 2, bytes(32))
TREE = Checkpoint("meibo/test", 7, bytes.fromhex("dd" * 32))
NOTE = sign_checkpoint(TREE, KEY)
VKEY = verifier_key(KEY, "meibo/test")


def test_note_has_the_form_of_c2sp() -> None:
    text, signature = NOTE.split("\n\n")
    dash, name, encoded = signature.removesuffix("\n").split(" ")
    name_of_key, key_id, public = VKEY.split("+", 2)

    assert text == "meibo/test\n7\n3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d0="
    assert (dash, name, name_of_key) == ("—", "meibo/test", "meibo/test")
    assert base64.b64decode(encoded)[:4].hex() == key_id
    assert len(base64.b64decode(encoded)) == 4 + 64
    assert base64.b64decode(public)[:1] == b"\x01"


def test_note_of_another_implementation() -> None:
    # The example in the documentation of Go's golang.org/x/mod/sumdb/note, where the format comes from.
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

    assert open_note(f"{text}\n— PeterNeumann {signature}\n", vkey) == text


def test_own_note_is_accepted_among_others() -> None:
    witness = sign_checkpoint(TREE, OTHER).split("\n\n")[1]

    assert verify_checkpoint(NOTE, VKEY) == TREE
    assert verify_checkpoint(NOTE + witness, VKEY) == TREE
    assert verify_checkpoint(NOTE.replace("\n\n", "\n\n" + witness), VKEY) == TREE


@pytest.mark.parametrize(
    "note",
    {
        "empty": "",
        "another size": NOTE.replace("\n7\n", "\n8\n"),
        "another root": NOTE.replace("3d3d", "3d3e", 1),
        "another key": sign_checkpoint(TREE, OTHER),
        "another log": sign_checkpoint(Checkpoint("meibo/other", 7, TREE.root), KEY),
        "no signature": NOTE.split("—")[0],
        "no end": NOTE.removesuffix("\n"),
        "more behind": NOTE + "and so on\n",
        "short root": sign_checkpoint(Checkpoint("meibo/test", 7, b"short"), KEY),
        "negative size": sign_checkpoint(Checkpoint("meibo/test", -7, TREE.root), KEY),
        "broken base64": NOTE.replace("— meibo/test ", "— meibo/test ="),
        "too long": NOTE + f"— x {'A' * 70_000}\n",
    }.items(),
    ids=lambda case: case[0],
)
def test_anything_else_is_refused_alike(note: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue) as refused:
        verify_checkpoint(note[1], VKEY)
    assert refused.value.rule == "checkpoint.unverified"


@pytest.mark.parametrize("vkey", ["", "a+b", "meibo/test+00000000+AQ==", VKEY.replace("+", "-")])
def test_what_is_no_key_is_refused_alike(vkey: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        verify_checkpoint(NOTE, vkey)
    assert refused.value.rule == "checkpoint.unverified"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "new\nline", "x" * 101])
def test_an_installation_needs_a_name_that_a_note_can_hold(name: str) -> None:
    with pytest.raises(OperatorError, match="installation"):
        origin(name)


def test_origin_names_the_installation() -> None:
    assert origin("mhlw") == "meibo/mhlw"
