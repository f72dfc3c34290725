"""`meibo partner`: the office's verbs on partners, as the operator or, with a token, as a member of the office."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TextIO
from uuid import uuid4

import click

from meibo.access.principals import Principal
from meibo.cli.running import acting, with_installation
from meibo.consent import Purpose
from meibo.errors import OperatorError
from meibo.installation import Installation
from meibo.partners import ActRequest, Application, Binding, Partner, PartnerVerb
from meibo.partners.keys import thumbprint
from meibo.partners.transitions import waits


@click.group()
def partner() -> None:
    """Enter partners, approve them by a second person, suspend and end them."""


def _as_whom(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every verb: on whose account, and why."""
    command = click.option(
        "--token-file", type=click.File(), help="A token of the account that acts; without it, the operator."
    )(command)
    return click.option("--reason", required=True, help="Kept for good: name no person.")(command)


@partner.command()
@click.option("--name", required=True)
@click.option("--corporate-number", required=True, help="法人番号: 13 digits.")
@click.option("--purpose", type=click.Choice([p.value for p in Purpose]), required=True)
@click.option(
    "--claim", "claims", multiple=True, required=True,
    help="The most that it may be shown: full_name of all, doctor.full_name of one; repeat it.",
)  # fmt: skip
@click.option("--binding", type=click.Choice([b.value for b in Binding]), default="dpop", show_default=True)
@click.option("--jwks", type=click.File(), required=True, help="Its key set: one or two public P-256 keys.")
@click.option("--certificate-thumbprint", help="For mtls: SHA-256 of its certificate in Base64URL.")
@click.option("--address", "addresses", multiple=True, help="An https address; repeat it.")
@click.option("--contact", required=True, help="A desk, not a person.")
@click.option(
    "--expiry-date", type=click.DateTime(["%Y-%m-%d"]), required=True, help="From then on it may not call."
)
@_as_whom
def apply(
    jwks: TextIO, expiry_date: datetime, purpose: str, binding: str, reason: str, token_file: TextIO | None,
    **fields: Any,
) -> None:  # fmt: skip
    """Enter a partner, which waits for somebody else's approval; prints its id, which is its client_id."""
    application = Application(
        jwks=_jwks(jwks), expiry_date=date(expiry_date.year, expiry_date.month, expiry_date.day),
        purpose=Purpose(purpose), binding=Binding(binding), **fields,
    )  # fmt: skip
    request = ActRequest(idempotency_key=str(uuid4()), reason=reason)

    async def work(installation: Installation, operator: Principal) -> Partner | None:
        principal = await acting(installation, operator, token_file)
        return await installation.partners.apply(principal, application, request)

    made = with_installation(work)
    assert made is not None
    click.echo(made.id)


@partner.command()
@click.argument("id")
@_as_whom
def approve(id: str, reason: str, token_file: TextIO | None) -> None:
    """Let a partner call, or its new keys hold; by somebody else than who applied or proposed them."""
    _act(PartnerVerb.APPROVE, id, reason, token_file)


@partner.command()
@click.argument("id")
@_as_whom
def suspend(id: str, reason: str, token_file: TextIO | None) -> None:
    """Let a partner call no more, within a second."""
    _act(PartnerVerb.SUSPEND, id, reason, token_file)


@partner.command()
@click.argument("id")
@_as_whom
def lift_suspension(id: str, reason: str, token_file: TextIO | None) -> None:
    """Let a suspended partner call again."""
    _act(PartnerVerb.LIFT_SUSPENSION, id, reason, token_file)


@partner.command()
@click.argument("id")
@_as_whom
def end(id: str, reason: str, token_file: TextIO | None) -> None:
    """End a partner for good."""
    _act(PartnerVerb.END, id, reason, token_file)


@partner.command()
@click.argument("id")
@click.argument("jwks", type=click.File())
@_as_whom
def keys(id: str, jwks: TextIO, reason: str, token_file: TextIO | None) -> None:
    """Propose new keys, all that shall hold (two during a rollover); those in force hold until they are approved."""
    _act(PartnerVerb.PROPOSE_KEYS, id, reason, token_file, _jwks(jwks))


@partner.command("list")
def list_partners() -> None:
    """List the partners: id, state (* where something waits for approval), expiry date, name, keys' thumbprints."""

    async def work(installation: Installation, operator: Principal) -> list[Partner]:
        return await installation.partners.partners(operator)

    for each in with_installation(work):
        state = f"{each.state}*" if waits(each) else each.state
        known = ",".join(thumbprint(key) for key in (*each.keys, *each.proposed_keys))
        click.echo("\t".join([each.id, state, each.expiry_date.isoformat(), each.name, known]))


def _act(
    verb: PartnerVerb, id: str, reason: str, token_file: TextIO | None, jwks: dict[str, Any] | None = None
) -> None:
    """Do a verb, and say how the partner stands then."""
    request = ActRequest(idempotency_key=str(uuid4()), reason=reason, partner=id, jwks=jwks)

    async def work(installation: Installation, operator: Principal) -> Partner | None:
        return await installation.partners.act(
            await acting(installation, operator, token_file), verb, request
        )

    made = with_installation(work)
    assert made is not None
    click.echo(f"{made.id}\t{made.state}{'*' if waits(made) else ''}")


def _jwks(file: TextIO) -> dict[str, Any]:
    try:
        found = json.load(file)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OperatorError('The key set is no JSON object: write {"keys": […]}.')
    return found
