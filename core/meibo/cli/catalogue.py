"""`meibo catalogue`."""

from __future__ import annotations

import sys

import click

from meibo.errors import OperatorError
from meibo.host import load_host
from meibo.professions.catalogue import catalogue as print_catalogue


@click.group()
def catalogue() -> None:
    """Print a profession's official list from its declarations."""


@catalogue.command("export")
@click.argument("profession")
def export(profession: str) -> None:
    """Print number, heading, label and note of every item, tab-separated, in UTF-8."""
    host = load_host()
    if profession not in host.professions:
        raise OperatorError(
            f"There is no profession {profession!r} here; there are: {', '.join(host.professions)}."
        )
    sys.stdout.buffer.write(print_catalogue(host[profession]).encode())
