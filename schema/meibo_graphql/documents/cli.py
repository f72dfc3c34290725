"""`meibo documents`: add, list and withdraw the trusted documents of a surface."""

from __future__ import annotations

from pathlib import Path

import click

from meibo.errors import OperatorError
from meibo.host import load_host
from meibo.settings import Settings, load_settings
from meibo_graphql.documents.manifests import SHA256, read_manifest
from meibo_graphql.documents.store import DocumentStore

SURFACES = ("registry", "portal", "verify")
surface_option = click.option(
    "--surface", type=click.Choice(SURFACES), default="registry", show_default=True, help="Whose documents."
)


@click.group(short_help="Add, list and withdraw trusted documents.")
def documents() -> None:
    """The operations that a surface trusts; what it makes of others says the setting `registry_documents`,
    `portal_documents` or `verify_documents`."""


@documents.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@surface_option
def add(file: Path, surface: str) -> None:
    """Trust every document of FILE: a manifest of Apollo, Relay or graphql-codegen. All are added, or none."""
    settings, found = load_settings(), read_manifest(file.read_bytes())
    _require_valid(settings, surface, found)
    new = DocumentStore.of(settings, surface).add(found)
    click.echo(f"{new} of {len(found)} documents are new.")


@documents.command("list")
@surface_option
def list_(surface: str) -> None:
    """List the ids, each with the first line of its document."""
    for id, text in sorted(DocumentStore.of(load_settings(), surface).read().items()):
        click.echo(f"{id}  {text.strip().splitlines()[0][:80]}")


@documents.command()
@click.argument("id")
@surface_option
def withdraw(id: str, surface: str) -> None:
    """Trust a document no longer."""
    DocumentStore.of(load_settings(), surface).withdraw(id.removeprefix(SHA256))
    click.echo("Withdrawn.")


def _require_valid(settings: Settings, surface: str, documents: dict[str, str]) -> None:
    """Raise OperatorError for the first document that the surface would refuse."""
    from meibo_graphql.surfaces.portal import portal_executor
    from meibo_graphql.surfaces.registry import registry_executor
    from meibo_graphql.surfaces.serving import limits_of
    from meibo_graphql.surfaces.verify import verify_executor

    host = load_host(only=settings.only())
    executor = {
        "registry": lambda: registry_executor(host, limits_of(settings, settings.max_cost)),
        "portal": lambda: portal_executor(host, limits_of(settings, settings.portal_max_cost)),
        "verify": lambda: verify_executor(limits_of(settings, settings.verify_max_cost)),
    }[surface]()
    for id, text in documents.items():
        if refused := executor.refusal(text):
            raise OperatorError(f"The document {id!r} would be refused: {refused}")
