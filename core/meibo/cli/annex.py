"""`meibo annex`."""

from __future__ import annotations

import sys

import click

from meibo.errors import OperatorError
from meibo.host import load_host
from meibo.reference.annex import annex_csv, annex_markdown

FORMATS = {"markdown": annex_markdown, "csv": annex_csv}


@click.command()
@click.argument("professions", nargs=-1)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
def annex(professions: tuple[str, ...], format_: str) -> None:
    """Print 別添２ of the privacy impact assessment: every register file's items in official order, and per group
    purpose, source, who sees it, retention and erasure. Without PROFESSIONS, of all that are installed."""
    host = load_host()
    unknown = set(professions) - host.professions.keys()
    if unknown:
        raise OperatorError(f"There is no profession {min(unknown)!r} here: see `meibo status`.")
    chosen = [p for code, p in host.professions.items() if code in professions or not professions]
    sys.stdout.buffer.write(FORMATS[format_](chosen).encode())
