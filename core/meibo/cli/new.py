"""`meibo plugin new`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from meibo.errors import OperatorError
from meibo.professions.compiled import CODE

TODO = "TODO"


@click.command(short_help="Write a plugin from a list of items.")
@click.argument("code")
@click.option("--items", "list_", type=click.Path(path_type=Path), required=True, help="CSV or .xlsx file.")
@click.option("--into", type=click.Path(path_type=Path), default=None, help="Folder; default: meibo-CODE.")
@click.option("--name-ja", default=TODO, help="What a holder is called, such as 獣医師.")
@click.option("--name-en", default=None, help="The same in English; default: from CODE.")
@click.option("--register-ja", default=None, help="What the register is called; default: the name and 名簿.")
@click.option("--register-en", default=None, help="The same in English.")
@click.option("--law", default=TODO, help="The act, such as 獣医師法.")
@click.option("--article", default=TODO, help="Its article on the register, such as 6条.")
@click.option(
    "--since", default="1950-01-01", show_default=True, help="The day on which the act came into force."
)
def new(
    code: str,
    list_: Path,
    into: Path | None,
    name_ja: str,
    name_en: str | None,
    register_ja: str | None,
    register_en: str | None,
    law: str,
    article: str,
    since: str,
) -> None:
    """Write a distribution for a profession from its list of items: package, migration, tests, README.

    Columns: number, group, label, kind; also identifier, label_en, max_length, personal, code_list, repeats, group_en.
    """
    from meibo.cli.plugin import write_migration
    from meibo.scaffolding.groups import arrange
    from meibo.scaffolding.items import read_items
    from meibo.scaffolding.writing import Names, files, write

    if not CODE.match(code):
        raise OperatorError(f"{code!r} is no code for a profession: write it in lower_snake_case.")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", since):
        raise OperatorError("--since is no day: write it as 1949-10-01.")
    english = name_en or code.replace("_", " ").capitalize()
    names = Names(
        code, name_ja, english, register_ja or f"{name_ja}名簿", register_en or f"Register of {english.lower()}s", law,
        article, since,
    )  # fmt: skip
    lines = read_items(list_)
    made = files(names, arrange(code, list_.name, lines), list_.name)
    root = into or Path(f"meibo-{code.replace('_', '-')}")
    write(made, root)
    write_migration(root, "First tables", lose_data=False)
    open_ = [line for line in lines if line.identifier.startswith(TODO)]
    click.echo(f"Wrote {len(lines)} items below {root}.")
    for line in open_:
        click.echo(
            f"{list_.name}, line {line.line}: {line.identifier} needs an identifier and an English label."
        )
    click.echo(f"Next: meibo plugin check {root}")
