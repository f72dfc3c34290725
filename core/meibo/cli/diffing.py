"""`meibo plugin diff`."""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from contextlib import ExitStack
from dataclasses import asdict
from importlib.metadata import distributions
from pathlib import Path

import click

from meibo.distributions import GROUP, PROJECT_FILE, plugin_at
from meibo.errors import PluginError
from meibo.host import load_host
from meibo.professions.comparing import compare
from meibo.professions.compiled import Profession


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Say what changed between two versions of a plugin: folders, wheels, or names of installed plugins.

    Prints one change a line with the tables, claims and API fields that it touches, and whom it breaks. Exit code 1
    where it breaks anybody.
    """
    with ExitStack() as stack:
        changes = compare(*(_profession(given, stack) for given in (old, new)))
    if as_json:
        click.echo(json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=2))
    else:
        for change in changes:
            click.echo(change)
        if not changes:
            click.echo("Nothing changed.", err=True)
    sys.exit(1 if any(change.breaks for change in changes) else 0)


def _profession(given: str, stack: ExitStack) -> Profession:
    """The profession of a folder, a wheel, or an installed plugin; raises PluginError for anything else."""
    path = Path(given)
    if path.is_dir():
        host = load_host([plugin_at(path)], only=())
    elif path.suffix == ".whl" and path.is_file():
        host = load_host([plugin_at(_unpacked(path, stack))], only=())
    else:
        host = load_host(only={given})
    [profession] = host.professions.values()
    return profession


def _unpacked(wheel: Path, stack: ExitStack) -> Path:
    """A folder with a wheel's files and the pyproject.toml that says what its metadata does."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="meibo-wheel-")))
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)  # It takes no name out of the folder.
    except zipfile.BadZipFile:
        raise PluginError(f"{wheel} is no wheel: build it again.") from None
    [found] = distributions(path=[str(folder)])
    entries = "".join(f'{e.name} = "{e.value}"\n' for e in found.entry_points.select(group=GROUP))
    text = (
        f'[project]\nname = "{found.name}"\nversion = "{found.version}"\n[project.entry-points."{GROUP}"]\n'
    )
    (folder / PROJECT_FILE).write_text(text + entries, "utf-8")
    return folder
