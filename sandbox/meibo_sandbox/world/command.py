"""`meibo sandbox population`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from meibo.errors import OperatorError
from meibo.settings import load_settings
from meibo_sandbox.world.files import Period, write

YEAR = timedelta(days=365)
DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--seed", type=int, required=True, help="Equal seeds give equal bytes.")
@click.option("--size", type=int, required=True, help="How many people.")
@click.option("--output", type=FILE, required=True, help="A new CSV file for the people.")
@click.option("--truth", type=FILE, default=None,
              help="A new file for what happens to them, outside of the data folder.")  # fmt: skip
@click.option(
    "--since", type=DAY, default="2025-04-01", show_default=True, help="The first day of the truth."
)
@click.option("--until", type=DAY, default=None, help="The day after its last; a year later.")
@click.option(
    "--processes",
    type=click.IntRange(0, 64),
    default=0,
    help="How many work; as many as there are processors.",
)
def population(
    seed: int,
    size: int,
    output: Path,
    truth: Path | None,
    since: datetime,
    until: datetime | None,
    processes: int,
) -> None:
    """Write a synthetic population, and what happens to it in a year for whoever judges a check of it.

    The people are as a register holds them on the first day. The truth is not for the check: a worker never needs it.
    """
    data = Path(load_settings().data).resolve()
    if truth and data in truth.resolve().parents:
        raise OperatorError("A worker reads the data folder: write the truth outside of it.")
    write(seed, size, output, truth, Period(since.date(), (until or since + YEAR).date()), processes)
