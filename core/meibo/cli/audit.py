"""`meibo audit`: sequence, verify, prove."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from meibo.access.principals import Principal
from meibo.audit import proofs, verification
from meibo.cli.running import with_installation
from meibo.database.stores import Store
from meibo.installation import Installation


@click.group()
def audit() -> None:
    """Verify the audit log, prove that a leaf stands in it."""


@audit.command()
def verify() -> None:
    """Recompute the whole log: leaves, changes, tree, checkpoints. Exit code 1 at the first difference."""

    async def work(installation: Installation, _operator: Principal) -> Any:
        await installation.sequencer.run_once()
        return await verification.verify(
            installation.databases[Store.AUDIT], installation.keys, installation.sources
        )

    report = with_installation(work)
    click.echo(str(report))
    sys.exit(0 if report.ok else 1)


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
