"""`meibo audit`: sequence, verify, prove."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from meibo.access.principals import Principal
from meibo.audit import proofs, verification
from meibo.audit.subjects import SubjectAccess, subject_access
from meibo.cli.running import with_installation
from meibo.database.stores import Store
from meibo.installation import Installation
from meibo.values.pseudonyms import parse_licence_pseudonym


@click.group()
def audit() -> None:
    """Verify the audit log, prove that a leaf stands in it."""


@audit.command()
def verify() -> None:
    """Recompute the whole log: leaves, changes, tree, checkpoints. Exit code 1 at the first difference."""

    async def work(installation: Installation, _operator: Principal) -> Any:
        await installation.sequencer.run_once()
        return await verification.verify(
            installation.databases[Store.AUDIT],
            installation.keys,
            installation.sources,
            installation.facts.get("id", "unnamed"),
        )

    report = with_installation(work)
    if report.fault:
        click.echo(f"{report.fault.kind}: {report.fault.sentence}", err=True)
        sys.exit(1)
    click.echo(f"Whole: {report.size} leaves under {report.checkpoints} signed checkpoints.")


@audit.command()
@click.argument("pseudonym")
def subject(pseudonym: str) -> None:
    """List who looked at a licence or worked on it, newest first: instant, kind, operation, outcome, institution,
    purpose. The changes themselves stand in the licence's history."""

    async def work(installation: Installation, _operator: Principal) -> list[SubjectAccess]:
        await installation.sequencer.run_once()
        database, wanted = installation.databases[Store.AUDIT], parse_licence_pseudonym(pseudonym)
        return await subject_access(database, wanted)

    for each in with_installation(work):
        told = (each.at.isoformat(), each.kind, each.operation, each.outcome, each.institution, each.purpose)
        click.echo("\t".join(told).rstrip("\t"))


@audit.command()
@click.argument("leaf")
def inclusion(leaf: str) -> None:
    """Prove that a leaf (id or index) stands in the log, as JSON."""

    async def work(installation: Installation, _operator: Principal) -> Any:
        await installation.sequencer.run_once()
        wanted: int | str = int(leaf) if leaf.isdecimal() and len(leaf) < 20 else leaf
        return await proofs.inclusion(installation.databases[Store.AUDIT], wanted)

    _print(with_installation(work))


@audit.command()
@click.argument("old", type=int)
@click.argument("new", type=int)
def consistency(old: int, new: int) -> None:
    """Prove that the log of size OLD is the beginning of that of size NEW, as JSON."""

    async def work(installation: Installation, _operator: Principal) -> Any:
        return await proofs.consistency(installation.databases[Store.AUDIT], old, new)

    _print(with_installation(work))


def _print(proof: Any) -> None:
    click.echo(
        orjson.dumps(
            proof, default=lambda v: v.hex() if isinstance(v, bytes) else str(v), option=orjson.OPT_INDENT_2
        )
    )
