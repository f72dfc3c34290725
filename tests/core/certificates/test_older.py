"""Certificates that were entered before their form was kept: on paper they were QR certificates, else SD-JWT VCs."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from meibo import clock
from meibo.certificates.entries import Draft, Format
from meibo.certificates.instances import instances
from meibo.certificates.status.indices import Medium
from meibo.database.stores import Database, Store
from meibo.installation import Installation
from tests.core.register.doctors import Doctors

FORMS = import_module("meibo.migrations.register.0013_certificate_forms")


def there_and_back(connection: Connection) -> None:
    """Forget the forms, as if they had never been kept, and migrate."""
    with Operations.context(MigrationContext.configure(connection)):
        FORMS.downgrade()
        FORMS.upgrade()


async def test_older_certificates_get_the_form_that_they_had(installation: Installation) -> None:
    licence, scope = await Doctors(installation).enter(), installation.scopes.of("doctor")
    ends = clock.today() + timedelta(days=90)
    for medium in Medium:  # What is kept of the form is taken away below.
        draft = Draft(format=Format.SD_JWT, claims=["full_name"], medium=medium, expiry_date=ends)
        await installation.authority.entries.enter(scope, [licence], draft)
    owner = Database(installation.settings.url(Store.REGISTER, owner=True))
    async with owner.write() as work:
        await work.connection.run_sync(there_and_back)
        await work.commit()
    await owner.close()
    async with installation.register.read([scope]) as connection:
        on_paper, digital = await instances(connection, [licence])
    assert (digital.format, digital.claims) == (Format.SD_JWT, ())
    assert (on_paper.format, on_paper.claims) == (Format.QR, ())
