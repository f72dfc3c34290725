"""Receipts: anybody checks them with the published keys, and nothing that was changed passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from meibo import clock
from meibo.certificates import jws
from meibo.certificates.authority import JWKS, TRUST
from meibo.certificates.encoding import decode, encode
from meibo.certificates.keys.signers import Purpose
from meibo.cli import cli
from meibo.errors import InvalidValue, OperatorError
from meibo.verifying import check_receipt
from meibo.verifying.receipts import TYP, presented_hash
from tests.core.verifying.desk import Desk, token_shown
from tests.partners import HOSPITAL


async def written(desk: Desk) -> tuple[str, str]:
    """A receipt, and the token that was presented."""
    token = await desk.token()
    shown = token_shown(token, "applicant 17")
    [verdict] = await desk.verifying.shares.redeem(HOSPITAL, [shown], "key")
    return desk.verifying.receipts.write(str(HOSPITAL.partner), shown, verdict), token


async def test_a_receipt_says_what_was_checked_and_no_value(desk: Desk) -> None:
    receipt, token = await written(desk)
    for document in (JWKS, TRUST):
        told = check_receipt(receipt, desk.verifying.authority.documents(clock.now())[document])
        verification = dict(told["verification"])
        assert (told["iss"], told["aud"]) == ("https://meibo.example", HOSPITAL.partner)
        assert verification.pop("checked_at") == verification.pop("status_as_of")
        assert len(verification.pop("subject")) == 22
        assert verification == {
            "means": "share", "presented": presented_hash(token), "outcome": "VALID", "standing": "REGISTERED",
            "profession": "doctor", "purpose": "employment", "reference": "applicant 17",
            "claims": ["full_name", "profession", "registration_number"],
        }  # fmt: skip
        assert not any(value in str(told) for value in ("鷹司", "700001", token))


def _changed(receipt: str, **changes: object) -> str:
    head, body, signature = receipt.split(".")
    payload = orjson.loads(decode(body.encode())) | changes
    return f"{head}.{encode(orjson.dumps(payload)).decode()}.{signature}"


DEFECTS: dict[str, Callable[[str], str]] = {
    "another partner": lambda receipt: _changed(receipt, aud="another"),
    "another issuer": lambda receipt: _changed(receipt, iss="https://rogue.example"),
    "a signature less": lambda receipt: receipt.rpartition(".")[0] + ".",
    "nothing": lambda _: "",
    "no ASCII": lambda receipt: receipt + "あ",
    "too long": lambda receipt: receipt + "A" * 20_000,
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_what_was_changed_is_refused(desk: Desk, defect: str) -> None:
    receipt, _ = await written(desk)
    jwks = desk.verifying.authority.documents(clock.now())[JWKS]
    with pytest.raises(InvalidValue) as refused:
        check_receipt(DEFECTS[defect](receipt), jwks)
    assert refused.value.rule == "receipt.invalid"


async def test_keys_for_other_things_sign_no_receipt(desk: Desk) -> None:
    authority = desk.verifying.authority
    jwks = authority.documents(clock.now())[JWKS]
    payload = {"iss": authority.names.origin, "aud": HOSPITAL.partner}
    status = authority.keys.signer(Purpose.STATUS, authority.names.origin, clock.now())
    receipts = authority.receipt_signer()
    assert check_receipt(jws.Writer(receipts, TYP).write(payload).decode(), jwks) == payload
    for signer, typ in ((status, TYP), (receipts, "JWT")):
        with pytest.raises(InvalidValue):
            check_receipt(jws.Writer(signer, typ).write(payload).decode(), jwks)
    with pytest.raises(InvalidValue):
        check_receipt(jws.Writer(receipts, TYP).write(payload).decode(), b'{"keys": []}')


async def test_the_command_checks_receipts_and_what_was_filed(desk: Desk, tmp_path: Path) -> None:
    receipt, token = await written(desk)
    names = ("receipt", "jwks", "presented", "other")
    files = {name: tmp_path / name for name in names}
    files["receipt"].write_text(receipt + "\n")
    files["jwks"].write_bytes(desk.verifying.authority.documents(clock.now())[JWKS])
    files["presented"].write_text(token + "\n")
    files["other"].write_text("A" * 32)
    command = ["certificates", "check-receipt", str(files["receipt"]), "--jwks", str(files["jwks"])]
    good = CliRunner().invoke(cli, [*command, "--presented", str(files["presented"])])
    assert (good.exit_code, orjson.loads(good.stdout)["verification"]["outcome"]) == (0, "VALID")
    for wrong in (["--presented", str(files["other"])], []):
        if not wrong:
            files["receipt"].write_text(receipt[:-8] + "AAAAAAAA")
        bad = CliRunner().invoke(cli, [*command, *wrong])
        assert (type(bad.exception), bad.stdout) == (OperatorError, "")
