"""`meibo account` and `meibo token`."""

from __future__ import annotations

import click

from meibo.access.permissions import Role
from meibo.access.principals import Principal
from meibo.access.tokens import ALL, DEFAULT_HOURS, Account
from meibo.cli.running import with_installation
from meibo.errors import OperatorError
from meibo.installation import Installation


@click.group()
def account() -> None:
    """Add and list accounts."""


@account.command("add")
@click.argument("id")
@click.option("--name", required=True, help="Name in Japanese.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--institution", required=True, help="The office that the person works for.")
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option(
    "--profession", "professions", multiple=True, help="A profession in scope; repeat it. `*` is all."
)
@click.option(
    "--office", "offices", multiple=True, help="Only entries of this receiving office (its code); repeat it."
)
def add_account(
    id: str,
    name: str,
    name_en: str,
    institution: str,
    role: str,
    professions: tuple[str, ...],
    offices: tuple[str, ...],
) -> None:
    """Add an account. Without --profession it reaches no register; with --office its offices' entries alone."""

    async def work(installation: Installation, operator: Principal) -> None:
        unknown = set(professions) - {ALL, *installation.host.professions}
        if unknown:
            raise OperatorError(f"There is no profession {min(unknown)!r} here: see `meibo status`.")
        new = Account(
            id=id,
            name_ja=name,
            name_en=name_en or name,
            institution=institution,
            role=Role(role),
            professions=professions,
            offices=offices,
        )
        await installation.note(operator, "account.add", id)
        await installation.tokens.add_account(new)

    with_installation(work)
    click.echo(f"Added {id}. Next: meibo token issue {id}")


@account.command("list")
def list_accounts() -> None:
    """List the accounts."""

    async def work(installation: Installation, _operator: Principal) -> list[Account]:
        return await installation.tokens.accounts()

    for each in with_installation(work):
        offices = [",".join(each.offices)] if each.offices else []
        click.echo("\t".join([each.id, each.role, ",".join(each.professions), each.institution, *offices]))


@click.group()
def token() -> None:
    """Issue and withdraw bearer tokens."""


@token.command("issue")
@click.argument("account_id")
@click.option(
    "--terminal", default="", help="Name of the terminal (端末No) for the audit log; default: the setting."
)
@click.option("--hours", default=DEFAULT_HOURS, show_default=True, type=click.IntRange(1, 24 * 90))
def issue_token(account_id: str, terminal: str, hours: int) -> None:
    """Print a new token; it is shown once. A demo's account gets one on a demo database only."""

    async def work(installation: Installation, operator: Principal) -> str:
        demo = {a.id for a in await installation.tokens.accounts(demo_only=True)}
        if account_id in demo and not installation.is_demo:
            raise OperatorError(f"{account_id!r} is a demo's account and this is no demo database.")
        await installation.note(operator, "token.issue", account_id)
        return await installation.tokens.issue(account_id, terminal or installation.settings.terminal, hours)

    click.echo(with_installation(work))


@token.command("withdraw")
@click.argument("account_id")
def withdraw_tokens(account_id: str) -> None:
    """Withdraw every token of an account."""

    async def work(installation: Installation, operator: Principal) -> int:
        await installation.note(operator, "token.withdraw", account_id)
        return await installation.tokens.withdraw(account_id)

    click.echo(f"Withdrawn: {with_installation(work)}")
