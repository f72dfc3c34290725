"""`meibo keys`: the offline root, and the signing keys that it certifies.

The root's private key stays on a machine without a network; only requests and certificates travel.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from meibo import clock
from meibo.access.principals import Principal
from meibo.certificates.authority import Authority
from meibo.certificates.keys import certificates
from meibo.certificates.keys.folder import HeldKey, read_crls
from meibo.cli.running import with_installation
from meibo.errors import OperatorError
from meibo.installation import Installation

ROOT_CERTIFICATE, ROOT_KEY, ROOT_CRL = "root.pem", "root.key", "root.crl"
SHORTEST_PASSPHRASE = 12
RENEW_BEFORE = timedelta(days=120)
"""A key is asked for anew this long before its certificate ends: the last certificate it signs lasts 90 days."""

passphrase = click.option("--passphrase", prompt=True, hide_input=True, envvar="ROOT_PASSPHRASE")


@click.group()
def keys() -> None:
    """Keep the keys that sign certificates: the offline root, requests, certificates, revocation."""


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Whose root: stands in every certificate.")
@click.option(
    "--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, envvar="ROOT_PASSPHRASE"
)
def root(folder: Path, name: str, passphrase: str) -> None:
    """Make a root in FOLDER, on a machine without a network: root.pem to give away, root.key to lock up."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise OperatorError(f"The passphrase has {SHORTEST_PASSPHRASE} signs or more: choose a longer one.")
    if (folder / ROOT_KEY).exists():
        raise OperatorError(f"There is a root in {folder} already.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = certificates.new_key()
    made = certificates.root(key, name, clock.now())
    sealed = BestAvailableEncryption(passphrase.encode())
    _write(folder / ROOT_KEY, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealed))
    _write(folder / ROOT_CERTIFICATE, made.public_bytes(Encoding.PEM))
    _write(
        folder / ROOT_CRL, certificates.revocation_list(made, key, [], clock.now()).public_bytes(Encoding.PEM)
    )
    click.echo(f"Made a root that stands until {made.not_valid_after_utc:%Y-%m-%d}. Its fingerprint:")
    click.echo(made.fingerprint(SHA256()).hex(":"))


@keys.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Ask for every key, those that last long too.")
def request(folder: Path, every: bool) -> None:
    """Make the keys that are missing or end soon, and write a request for each into FOLDER."""

    async def work(installation: Installation, _operator: Principal) -> list[str]:
        authority = installation.authority
        written = []
        for purpose, name in authority.names.needed_keys():
            if every or not _lasts(authority, (purpose, name)):
                asked = authority.keys.request(f"{purpose} of {name}", name, purpose)
                file = f"{name.rpartition('/')[2]}.{purpose}.csr"
                _write(folder / file, asked.public_bytes(Encoding.PEM))
                written.append(file)
        return written

    folder.mkdir(parents=True, exist_ok=True)
    for file in with_installation(work):
        click.echo(file)


@keys.command()
@click.argument("requests", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--root", "folder", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--days", default=certificates.SIGNING_DAYS, show_default=True)
@passphrase
def sign(requests: Sequence[Path], folder: Path, days: int, passphrase: str) -> None:
    """Sign REQUESTS with the root in a folder: writes NAME.pem beside each NAME.csr."""
    anchor, key = _open_root(folder, passphrase)
    for file in requests:
        asked = _request(file)
        uri, purpose = certificates.asked_for(asked)
        made = certificates.issue(asked, anchor, key, clock.now(), days)
        _write(file.with_suffix(".pem"), made.public_bytes(Encoding.PEM) + anchor.public_bytes(Encoding.PEM))
        click.echo(f"{purpose}\t{uri}\t{made.not_valid_after_utc:%Y-%m-%d}")


@keys.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def install(files: Sequence[Path]) -> None:
    """Take the certificates that the root signed. A key that follows another signs seven days later."""

    async def work(installation: Installation, operator: Principal) -> list[HeldKey]:
        held = [installation.authority.keys.install(file.read_bytes()) for file in files]
        for each in held:
            await installation.note(operator, "keys.install", each.kid)
        return held

    for each in with_installation(work):
        click.echo(f"{each.purpose}\t{each.uri}\t{each.kid}")


@keys.command("list")
def list_() -> None:
    """List every key that is needed: purpose, name, key id, last day; `missing` where there is none."""

    async def work(installation: Installation, _operator: Principal) -> list[str]:
        authority, lines = installation.authority, []
        for needed in authority.names.needed_keys():
            held = [k for k in authority.keys.published(clock.now()) if (k.purpose, k.uri) == needed]
            lines += [_line(each) for each in held] or ["\t".join([*needed, "missing"])]
        return lines

    for line in with_installation(work):
        click.echo(line)


@keys.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--root", "folder", required=True, type=click.Path(exists=True, path_type=Path))
@passphrase
def revoke(files: Sequence[Path], folder: Path, passphrase: str) -> None:
    """Revoke signing certificates: renews root.crl in the root's folder. Copy it, under a new name, to the signing
    keys and to all who trust the root."""
    anchor, key = _open_root(folder, passphrase)
    serials = {entry.serial_number for crl in read_crls(folder) for entry in crl}
    serials |= {x509.load_pem_x509_certificates(file.read_bytes())[0].serial_number for file in files}
    made = certificates.revocation_list(anchor, key, serials, clock.now())
    _write(folder / ROOT_CRL, made.public_bytes(Encoding.PEM))
    click.echo(f"{len(serials)} certificates are revoked; renew the list by {made.next_update_utc:%Y-%m-%d}.")


def _lasts(authority: Authority, needed: tuple[str, str]) -> bool:
    """Whether a key of a purpose and name need not be asked for yet."""
    at = clock.now()
    held = authority.keys.held()
    return any((k.purpose, k.uri) == needed and k.stands(at, at + RENEW_BEFORE) for k in held)


def _line(held: HeldKey) -> str:
    return f"{held.purpose}\t{held.uri}\t{held.kid}\t{held.certificate.not_valid_after_utc:%Y-%m-%d}"


def _open_root(folder: Path, passphrase: str) -> tuple[x509.Certificate, EllipticCurvePrivateKey]:
    try:
        anchor = x509.load_pem_x509_certificate((folder / ROOT_CERTIFICATE).read_bytes())
        key = load_pem_private_key((folder / ROOT_KEY).read_bytes(), passphrase.encode())
    except (OSError, ValueError) as error:
        raise OperatorError("The root does not open: look at the folder, then at the passphrase.") from error
    assert isinstance(key, EllipticCurvePrivateKey)
    return anchor, key


def _request(file: Path) -> x509.CertificateSigningRequest:
    try:
        return x509.load_pem_x509_csr(file.read_bytes())
    except ValueError as error:
        raise OperatorError(f"{file.name} is no request in PEM.") from error


def _write(file: Path, content: bytes) -> None:
    """Write a file that its owner alone reads."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
