"""`meibo sandbox`: synthetic employees of a demo as files, and what their wallets would do.

The distribution `meibo-sandbox` adds its own commands by the entry-point group `meibo.sandbox_commands`.
"""

from __future__ import annotations

import secrets
from importlib.metadata import entry_points
from pathlib import Path

import click

from meibo import clock
from meibo.access.principals import Principal
from meibo.cli.running import with_installation
from meibo.installation import Installation

STAND_INS = "meibo.sandbox_commands"


class SandboxGroup(click.Group):
    """The commands here, and those of installed stand-ins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *(e.name for e in entry_points(group=STAND_INS))])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = list(entry_points(group=STAND_INS, name=cmd_name))
        return found[0].load() if found else super().get_command(ctx, cmd_name)


@click.group(cls=SandboxGroup)
def sandbox() -> None:
    """Synthetic people and employees, for whoever builds a check of holders or of certificates."""


@sandbox.command()
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
def employees(to: Path) -> None:
    """Add ten synthetic employees to a demo, each in another condition, and write what they have to a folder.

    Beside them: examples of good and bad certificates, and test keys for a partner.
    """
    from meibo.demo.employees import files, making, spoiling

    async def work(installation: Installation, _operator: Principal) -> list[str]:
        files.prepare(to)
        made = await making.make(installation)
        origin = installation.settings.public_url.rstrip("/")
        share = installation.settings.portal_share_url or f"{origin}/share"
        examples = spoiling.examples(installation.authority, made[0])
        files.write(to, made, examples, share=share, check=f"{origin}/check")
        return [f"{each.employee.condition}\t{each.name}\t{each.employee.about[1]}" for each in made]

    for line in with_installation(work):
        click.echo(line)


@sandbox.command()
@click.argument("employee", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--certificate", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None,
              help="Another certificate of this holder, such as one of the examples.")  # fmt: skip
@click.option("--audience", required=True, help="The verifier, as it calls itself.")
@click.option(
    "--nonce", default=None, help="The verifier's; left out: any, for a verifier that asks for none."
)
@click.option("--claim", "claims", multiple=True, help="A claim to show; left out: all of them.")
def present(
    employee: Path, certificate: Path | None, audience: str, nonce: str | None, claims: tuple[str, ...]
) -> None:
    """Print a presentation of the certificate in the folder EMPLOYEE, bound by its holder's key; it lasts 5 minutes."""
    from meibo.certificates.sdjwt.presenting import bind
    from meibo.certificates.sdjwt.presenting import present as shown
    from meibo.demo.employees import files

    held, key = files.read(employee)
    text = certificate.read_text("utf-8").strip() if certificate else held
    part = shown(text, claims or None)
    click.echo(bind(part, key, audience=audience, nonce=nonce or secrets.token_urlsafe(16), at=clock.now()))


@sandbox.command()
@click.option("--key", "file", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The wallet's key, a JWK; made where there is none.")  # fmt: skip
@click.option("--audience", required=True, help="As certificateNonce told it.")
@click.option("--nonce", required=True, help="As certificateNonce told it.")
def prove(file: Path, audience: str, nonce: str) -> None:
    """Print the proof of a wallet's key with which issueCertificate is asked; it lasts 5 minutes."""
    from meibo.certificates.sdjwt import presenting
    from meibo.demo.employees import files

    key = files.wallet_key(file)
    click.echo(presenting.prove(key, audience=audience, nonce=nonce, at=clock.now()))


@sandbox.command()
@click.argument("jwks", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--name", default="見本病院", show_default=True)
def partner(jwks: Path, name: str) -> None:
    """Register a partner of a demo with the public keys in the file JWKS, and print its id.

    One account of the demo applies and another one approves, since nobody approves what they applied for.
    """
    from meibo.demo.employees.partner import register

    async def work(installation: Installation, _operator: Principal) -> str:
        return (await register(installation, name, jwks)).id

    click.echo(with_installation(work))
