"""All pages, and their files: written, or compared.

Other distributions add pages by the entry-point group `meibo.reference`: a function without arguments that returns
{file name: text}.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path

import click

from meibo.errors import OperatorError
from meibo.host import Host
from meibo.reference.developing import hooks_page, kinds_page
from meibo.reference.errors import errors_page
from meibo.reference.installing import commands_page, permissions_page, settings_page
from meibo.reference.markdown import MARK
from meibo.reference.professions import profession_page

FOLDER = Path("docs/reference")
GROUP = "meibo.reference"

Pages = Mapping[str, str]
"""File name below the folder -> text."""


def pages(host: Host, commands: click.Group) -> Pages:
    """Every page of what is installed, by file name. The same code gives the same bytes."""
    made = {
        "settings.md": settings_page(),
        "permissions.md": permissions_page(),
        "commands.md": commands_page(commands),
        "hooks.md": hooks_page(),
        "kinds.md": kinds_page(),
        "errors.md": errors_page(),
    }
    made |= {f"professions/{code}.md": profession_page(p) for code, p in host.professions.items()}
    for found in entry_points(group=GROUP):
        made |= found.load()()
    return dict(sorted(made.items()))


def write(made: Pages, folder: Path = FOLDER) -> list[str]:
    """Write what differs and delete made pages that are made no more; the names of both."""
    changed = differing(made, folder)
    for name in changed:
        path = folder / name
        if name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], "utf-8")
        else:
            path.unlink()
    return changed


def check(made: Pages, folder: Path = FOLDER) -> None:
    """Raise OperatorError where a page is not what the code says."""
    changed = differing(made, folder)
    if changed:
        named = ", ".join(str(folder / name) for name in changed)
        raise OperatorError(f"Not what the code says: {named}. Run `meibo docs` and look at the change.")


def differing(made: Pages, folder: Path) -> list[str]:
    """The names of pages that are missing, changed, or made no more."""
    there = {
        path.relative_to(folder).as_posix(): text
        for path in folder.rglob("*.md")
        if (text := path.read_text("utf-8")).startswith(MARK)
    }
    return [name for name in sorted(made.keys() | there.keys()) if made.get(name) != there.get(name)]
