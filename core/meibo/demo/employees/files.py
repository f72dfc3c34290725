"""Employees and examples as files. The keys in them are of synthetic people; the folder is its owner's alone.

employees.json            who they are, and what a check of each must come to
<condition>/              certificate.txt, holder.jwk.json, share.txt (the link), qr.txt (the link), qr.svg
examples.json             good and bad certificates, and what a check of each must come to
examples/<name>.txt
partner/                  private.jwk.json and jwks.json: keys for a partner that one registers in the demo
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from joserfc.jwk import ECKey

from meibo.certificates.keys.certificates import new_key
from meibo.certificates.qr import issuing as qr
from meibo.demo.employees.making import Made
from meibo.demo.employees.people import Condition
from meibo.demo.employees.spoiling import Example
from meibo.errors import OperatorError

CERTIFICATE, KEY = "certificate.txt", "holder.jwk.json"


def prepare(folder: Path) -> None:
    """Make the folder; raises OperatorError for one that is not empty."""
    if folder.exists() and any(folder.iterdir()):
        raise OperatorError("The folder is not empty: name a new one with --to.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def write(folder: Path, made: Sequence[Made], examples: Sequence[Example], *, share: str, check: str) -> None:
    """Write everything into a prepared folder; `share` and `check` are the pages that links lead to."""
    for each in made:
        _write_employee(folder / each.employee.condition, each, share, check)
    _json(folder / "employees.json", [_employee(each) for each in made])
    (folder / "examples").mkdir()
    for example in examples:
        _text(folder / "examples" / f"{example.name}.txt", example.text)
    _json(folder / "examples.json", [_example(each) for each in examples])
    (folder / "partner").mkdir()
    key = new_key()
    _json(folder / "partner" / "private.jwk.json", private_jwk(key))
    _json(folder / "partner" / "jwks.json", {"keys": [public_jwk(key)]})


def read(folder: Path) -> tuple[str, EllipticCurvePrivateKey]:
    """An employee's certificate and key from the employee's folder; raises OperatorError where there are none."""
    try:
        certificate = (folder / CERTIFICATE).read_text("ascii").strip()
        return certificate, read_key(folder / KEY)
    except OSError as error:
        raise OperatorError(f"There is no {CERTIFICATE} or {KEY}: name an employee's folder.") from error


def read_key(path: Path) -> EllipticCurvePrivateKey:
    """A private P-256 key from its JWK."""
    key = ECKey.import_key(orjson.loads(path.read_bytes())).private_key
    assert isinstance(key, EllipticCurvePrivateKey)  # We wrote it.
    return key


def wallet_key(path: Path) -> EllipticCurvePrivateKey:
    """The private key in a file, made where there is none."""
    if not path.exists():
        path.touch(0o600)
        _json(path, private_jwk(new_key()))
    return read_key(path)


def private_jwk(key: EllipticCurvePrivateKey) -> Mapping[str, Any]:
    """The whole key as JWK, its thumbprint as `kid`."""
    return _jwk(key, private=True)


def public_jwk(key: EllipticCurvePrivateKey) -> Mapping[str, Any]:
    """The public half, as a partner uploads it."""
    return _jwk(key, private=False)


def _jwk(key: EllipticCurvePrivateKey, *, private: bool) -> Mapping[str, Any]:
    imported = ECKey(key, key)
    return {**imported.as_dict(private=private), "kid": imported.thumbprint(), "alg": "ES256", "use": "sig"}


def _write_employee(folder: Path, made: Made, share: str, check: str) -> None:
    folder.mkdir()
    link = qr.link(check, made.qr)
    _text(folder / CERTIFICATE, made.certificate)
    _json(folder / KEY, private_jwk(made.key))
    _text(folder / "share.txt", f"{share}#{made.token}")
    _text(folder / "qr.txt", link)
    _text(folder / "qr.svg", qr.picture(link))
    if made.employee.condition is Condition.NAME_CORRECTED and made.former:
        _text(folder / "former-certificate.txt", made.former)


def _employee(made: Made) -> Mapping[str, Any]:
    who = made.employee
    return {
        "condition": who.condition, "about": {"ja": who.about[0], "en": who.about[1]}, "name": made.name,
        "profession": who.profession, "registrationNumber": made.number, "share": who.share,
        "certificate": who.certificate,
    }  # fmt: skip


def _example(example: Example) -> Mapping[str, Any]:
    return {
        "name": example.name, "state": example.state, "reason": example.reason,
        "needsBinding": example.needs_binding,
    }  # fmt: skip


def _json(path: Path, value: object) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")


def _text(path: Path, text: str) -> None:
    path.write_text(text + "\n", "utf-8")
