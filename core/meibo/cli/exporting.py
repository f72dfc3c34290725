"""`meibo export`."""

from __future__ import annotations

from pathlib import Path

import click

from meibo.access.principals import Principal, Surface
from meibo.cli.running import with_installation
from meibo.errors import OperatorError
from meibo.exporting.manifests import Manifest
from meibo.exporting.service import Encoding, Exporter
from meibo.installation import Installation

HOURS = 1


@click.command()
@click.argument("profession")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", required=True, help="With whose permissions: what they may not see is left out.")
@click.option(
    "--encoding",
    type=click.Choice([encoding.value for encoding in Encoding]),
    default=Encoding.UTF_8.value,
    show_default=True,
    help="Of the file; utf-8-sig begins with the mark that Excel wants.",
)
def export(profession: str, file: Path, account: str, encoding: str) -> None:
    """Write a whole register into a CSV file that `meibo import` takes, and its signed manifest beside it."""

    async def work(installation: Installation, operator: Principal) -> Manifest:
        if profession not in installation.host.professions:
            raise OperatorError(f"There is no profession {profession!r} here: see `meibo status`.")
        await installation.note(operator, "export", account)
        token = await installation.tokens.issue(account, operator.terminal, HOURS)
        principal = await installation.tokens.principal(token, Surface.COMMAND)
        exporter = Exporter(installation, principal, installation.host[profession], Encoding(encoding))
        await exporter.begin()
        with file.open("wb") as opened:
            async for part in exporter.parts():
                opened.write(part)
        assert exporter.manifest is not None
        note = exporter.manifest.signed(installation.facts.get("id", "unnamed"), installation.keys)
        file.with_name(f"{file.name}.manifest").write_text(note, "utf-8")
        return exporter.manifest

    manifest = with_installation(work)
    click.echo(f"Exported {manifest.rows} licences to {file}. SHA-256 {manifest.sha256}")
