"""The `meibo` command. Each subcommand is imported when it is used, so that `--help` and small ones start fast.

Other distributions add theirs by the entry-point group `meibo.commands` (the server's come with meibo-graphql).
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from importlib.metadata import entry_points

import click

from meibo import __version__
from meibo.errors import MeiboError

GARBAGE = 100_000
"""New objects between two looks for cycles: modules and plugins stay, and looking took a fifth of a start."""
COMMANDS = {
    "account": ("meibo.cli.accounts:account", "Add and list accounts."),
    "annex": ("meibo.cli.annex:annex", "Print the privacy annex (別添２) from the declarations."),
    "audit": ("meibo.cli.audit:audit", "Verify the audit log, prove that a leaf stands in it."),
    "catalogue": (
        "meibo.cli.catalogue:catalogue",
        "Print a profession's official list from its declarations.",
    ),
    "certificates": (
        "meibo.cli.certificates:certificates",
        "Publish status lists, and say how old they are.",
    ),
    "codes": ("meibo.cli.codes:codes", "Fill and read the code tables."),
    "check": ("meibo.cli.checks:check", "Check all holders at an outside registry."),
    "docs": ("meibo.cli.docs:docs", "Write the reference pages from the code, or compare them."),
    "exchange": ("meibo.cli.exchange:exchange", "Look at what other systems are told and change."),
    "export": ("meibo.cli.exporting:export", "Write a whole register into a CSV file, with a manifest."),
    "family": ("meibo.cli.family:family", "Ask the family register, and see what became of it."),
    "import": ("meibo.cli.importing:import_", "Enter licences from a CSV file or a sheet, all or none."),
    "jobs": ("meibo.cli.jobs:jobs", "Look at the queue of jobs, and mend it."),
    "keys": ("meibo.cli.keys:keys", "Keep the keys that sign certificates, and their offline root."),
    "link": ("meibo.cli.link:link", "Look at outside systems; pause, resume, send again."),
    "migrate": ("meibo.cli.operating:migrate", "Bring the databases up to date."),
    "partner": ("meibo.cli.partners:partner", "Enter, approve, suspend and end partners."),
    "plugin": (
        "meibo.cli.plugin:plugin",
        "Work on a plugin: check it, compare versions, write its next migration.",
    ),
    "reconcile": ("meibo.cli.operating:reconcile", "Sweep what an interrupted act left in the vault."),
    "residents": (
        "meibo.cli.residents:residents",
        "Ask the resident-record network about many; approve what somebody else asked for.",
    ),
    "sandbox": ("meibo.cli.sandbox:sandbox", "Synthetic people and employees for whoever builds a check."),
    "settings": ("meibo.cli.operating:settings", "List every setting with its default."),
    "status": ("meibo.cli.operating:status", "Say whether this installation is fit to run."),
    "token": ("meibo.cli.accounts:token", "Issue and withdraw bearer tokens."),
    "worker": ("meibo.cli.jobs:worker", "Do the jobs that wait: the clock's, and those of outside systems."),
}
"""Name -> (where it is, what it does)."""


class LazyGroup(click.Group):
    """A group whose commands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*COMMANDS, *(e.name for e in entry_points(group="meibo.commands"))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module, _, name = COMMANDS[cmd_name][0].partition(":")
            command: click.Command = getattr(import_module(module), name)
            return command
        found = list(entry_points(group="meibo.commands", name=cmd_name))
        return found[0].load() if found else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and texts from the table, without importing anything."""
        rows = [(name, text) for name, (_, text) in COMMANDS.items()]
        rows += [
            (e.name, getattr(e.load(), "short_help", "") or "") for e in entry_points(group="meibo.commands")
        ]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """meibo (名簿): registers of national professional licences."""


def main() -> None:
    """Run the command; an error that we know ends with one sentence and exit code 2."""
    gc.set_threshold(GARBAGE)
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MeiboError as error:
        click.echo(f"meibo: {error.en}", err=True)
        sys.exit(2)
