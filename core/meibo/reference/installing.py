"""The pages for those who install and run meibo: settings, permissions and roles, commands."""

from __future__ import annotations

from collections.abc import Iterator

import click

from meibo.access.permissions import ROLE_NAMES, ROLES, Permission, Role
from meibo.reference.markdown import code, page, table
from meibo.settings import describe


def settings_page() -> str:
    """Every setting."""
    rows = [(code(name), code(default), text) for name, default, text in describe()]
    return page(
        "Settings",
        "Set them in the environment, or in `meibo.toml` in the folder where the command runs (another file:"
        " `MEIBO_FILE`). In the file the names are in lower case and without `MEIBO_`. The environment wins."
        " A name that is not on this list is refused.",
        table(("setting", "default", "what it does"), rows),
    )


def permissions_page() -> str:
    """Every permission, and which role has it."""
    rows = [(code(p.value), *("yes" if p in ROLES[r] else "" for r in Role)) for p in Permission]
    return page(
        "Permissions and roles",
        "Everything is denied unless a role grants it. An account has one role and a list of professions; a"
        " permission counts for those professions alone. A licence outside them does not exist for the caller.",
        table(("permission", *(code(role) for role in Role)), rows),
        table(("role", "Japanese", "English"), [(code(role), *ROLE_NAMES[role]) for role in Role]),
        "The commands act as the account `operator` with the role `administrator` on every profession. Who can"
        " run them on the server needs no token: restrict who signs in to that machine.",
    )


def commands_page(group: click.Group) -> str:
    """Every command of a group and of the groups within it."""
    return page(
        "Commands",
        "In a clone, `.venv/bin/meibo`. Every command reads its [settings](settings.md) first. Exit codes: 0 done,"
        " 1 the thing asked about is not as it should be (bad rows, a broken log), 2 cannot run; the sentence on"
        " standard error says why.",
        *(_command(context) for context in _contexts(group, click.Context(group, info_name="meibo"))),
    )


def _contexts(group: click.Group, context: click.Context) -> Iterator[click.Context]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _contexts(command, inner)
        else:
            yield inner


def _command(context: click.Context) -> str:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    records = [p.get_help_record(context) for p in command.params if isinstance(p, click.Option)]
    options = table(("option", "what it does"), [(code(r[0]), r[1]) for r in records if r])
    return "\n\n".join(part for part in (f"## {context.command_path}", f"`{usage}`", told, options) if part)
