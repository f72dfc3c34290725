"""A plugin grows older: what version 1 wrote is read, folded, searched and corrected under version 2."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission
from meibo.database.paging import PageRequest
from meibo.host import load_host
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer
from meibo.installation import Installation, open_installation
from meibo.register import tables
from meibo.register.fold import Verb
from meibo.register.search import SearchKind
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.requests import ActRequest
from meibo.settings import Settings
from meibo.values import names
from tests.databases import POSTGRES
from tests.security.api import Api
from tests.veterinarian.installed import OFFICER, entry
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template
from tests.veterinarian.second import second

CLERK = replace(OFFICER, permissions=OFFICER.permissions | {Permission.REPLY_WRITE, Permission.REPLY_READ})
QUERY = """query Old($id: ID!, $day: Date) { node(id: $id) { ... on VeterinarianLicence {
  holder { fullName birthDate { value } }
  register { fullName birthDate }
  practiceReport { workplace practiceField { code } }
  familyRegisters { birthplace }
  at(asOf: $day) { pluginVersion register { fullName birthDate } }
} } }"""
ENTERED = date(2012, 7, 8)


@dataclass(frozen=True, slots=True)
class Grown:
    """An installation of version 2, and the licence that version 1 wrote."""

    installation: Installation
    licence: UUID


@pytest.fixture
async def grown(settings: Settings, installation: Installation) -> AsyncIterator[Grown]:
    request = entry("veterinarian")
    request = replace(request, values={**request.values, "practice_report": {"workplace_name": "見本牧場"}})
    made = await installation.office.register(OFFICER, "veterinarian", request)
    assert made.licence is not None
    first = installation.host["veterinarian"]
    await installation.replies.file(
        CLERK, first, made.licence, "family_register", {"place_of_birth": "見本市"}
    )
    host = load_host([("veterinarian", second())], only={"doctor"})
    async with open_installation(settings, host) as opened:
        yield Grown(opened, made.licence)


def correction(licence: UUID, day: date) -> ActRequest:
    return ActRequest(
        idempotency_key="moved",
        effective_date=day,
        reason="201",
        legal_basis="register",
        licence=licence,
        expected_version=1,
        values={"practice_report": {"workplace": "見本動物園"}},
    )


async def found(installation: Installation, text: str) -> list[str]:
    """The register numbers of veterinarians of a name."""
    reader = installation.reader(OFFICER, "test")
    hashed = reader.name_hash("veterinarian", SearchKind.FULL, names.name_key(text))
    page = await reader.page(
        "veterinarian", ListFilter([hashed]), Order.REGISTRATION_NUMBER_ASC, PageRequest()
    )
    return [head.registration_number for head in page.nodes]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", POSTGRES[-1]], indirect=True)
async def test_rows_of_version_1_live_on_under_version_2(grown: Grown, tmp_path: Path) -> None:
    installation, licence = grown.installation, grown.licence
    old = {"fullName": "鷹司満月", "birthDate": "1983-02-14"}
    async with Api(installation) as api:
        token = api.tokens.grant(CLERK)
        asked = {"id": api.licence_id(licence), "day": ENTERED.isoformat()}
        before = (await api.call(token, QUERY, asked)).data["node"]
        assert before["register"] == old
        assert before["holder"] == {"fullName": "鷹司満月", "birthDate": {"value": "1983-02-14"}}
        assert before["practiceReport"] == {"workplace": "見本牧場", "practiceField": None}
        assert before["familyRegisters"] == [{"birthplace": "見本市"}]
        assert before["at"] == {"pluginVersion": "0.1.0", "register": old}

        moved = clock.today() - timedelta(days=1)
        await installation.office.act(OFFICER, Verb.CORRECT, correction(licence, moved))
        after = (await api.call(token, QUERY, asked)).data["node"]
        assert (after["register"], after["practiceReport"]["workplace"]) == (old, "見本動物園")
        assert after["at"] == {"pluginVersion": "0.1.0", "register": old}

    assert await _versions(installation, licence) == ["0.1.0", "2.0"]
    assert await found(installation, "鷹司満月") == ["800002"]
    await _import(installation, written(tmp_path / "second.csv"))
    assert await found(installation, "見本二郎") == ["800003"]


async def _versions(installation: Installation, licence: UUID) -> list[str]:
    """Which plugin versions wrote the acts of a licence, in order: none was rewritten."""
    row = tables.action.c
    async with installation.register.read([installation.scopes.of("veterinarian")]) as connection:
        found = await connection.execute(
            select(row.plugin_version).where(row.licence_id == licence).order_by(row.number)
        )
        return list(found.scalars())


def written(path: Path) -> Path:
    """A file whose headers are version 2's."""
    headers = "registration_number,registration_date,氏名,family_name_kana,birth_date,workplace"
    path.write_text(f"{headers}\n800003,2024-04-01,見本二郎,ミホンジロウ,1999-01-02,見本牧場\n", "utf-8")
    return path


async def _import(installation: Installation, path: Path) -> None:
    importer = Importer(
        installation, OFFICER, installation.host["veterinarian"], "register", "101", VerifiedBy.MY_NUMBER_CARD
    )
    report = await importer.run(read_table(path))
    assert (report.entered, report.bad) == (1, ())
