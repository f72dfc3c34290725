"""`meibo partner`: applied for at the machine, approved with the token of a second person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from meibo import clock
from tests.core.cli.test_cli import Meibo
from tests.core.cli.test_cli import meibo as meibo
from tests.partners import NUMBER, jwks, new_key

ACT = ("--reason", "test")


@pytest.mark.slow
def test_two_people_enter_a_partner(meibo: Meibo, tmp_path: Path) -> None:
    assert meibo("migrate").code == 0
    assert meibo(
        "account", "add", "chief", "--name", "課長", "--institution", "課", "--role", "administrator"
    ).code == 0  # fmt: skip
    token, keys = tmp_path / "chief.token", tmp_path / "jwks.json"
    token.write_text(meibo("token", "issue", "chief").out)
    key = new_key()
    keys.write_text(json.dumps(jwks(key)))
    expiry = (clock.today() + timedelta(days=300)).isoformat()
    apply = (
        "partner", "apply", "--name", "見本病院", "--corporate-number", NUMBER, "--purpose", "employment",
        "--claim", "full_name", "--jwks", keys, "--contact", "人事課", "--expiry-date", expiry, *ACT,
    )  # fmt: skip
    id = meibo(*apply).out.strip()
    assert meibo("partner", "list").out == f"{id}\tapplied*\t{expiry}\t見本病院\t{key.thumbprint()}\n"
    alone = meibo("partner", "approve", id, *ACT)
    assert (alone.code, "partner.second_person" in alone.err) == (2, True)
    assert meibo("partner", "approve", id, *ACT, "--token-file", token).out == f"{id}\tapproved\n"
    assert meibo("partner", "suspend", id, *ACT).out == f"{id}\tsuspended\n"
    assert meibo("partner", "lift-suspension", id, *ACT).out == f"{id}\tapproved\n"
    keys.write_text(json.dumps(jwks(key, new_key())))
    assert meibo("partner", "keys", id, keys, *ACT).out == f"{id}\tapproved*\n"
    assert meibo("partner", "end", id, *ACT).out == f"{id}\tended\n"
    keys.write_text("[]")
    refused = meibo("partner", "keys", id, keys, *ACT)
    assert (refused.code, refused.err) == (
        2, 'meibo: The key set is no JSON object: write {"keys": […]}.\n',
    )  # fmt: skip
    token.write_text("meibo_unknown")
    assert meibo("partner", "approve", id, *ACT, "--token-file", token).code == 2
