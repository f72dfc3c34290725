"""Retiring a profession: said by hand, its tables and numbers go, everything else stays whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import inspect, select

from meibo import clock
from meibo.access.tokens import command_principal
from meibo.audit import verification
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.audit.tables import leaf as leaf_table
from meibo.certificates.entries import Draft, Entries, Format
from meibo.certificates.standing import EndReason
from meibo.certificates.status.indices import Indices, Medium
from meibo.certificates.status.lists import Status
from meibo.certificates.tables import certificate
from meibo.database.stores import Store
from meibo.errors import MigrationError, OperatorError
from meibo.hooks import hookimpl
from meibo.host import Host, load_host
from meibo.identity import NumberKind, ReconcileReport
from meibo.installation import Installation, migrate, open_installation, seed_codes, standing
from meibo.plugin import ProfessionPlugin
from meibo.register.tables import forget_tables
from meibo.retiring import Retirement, retire
from meibo.settings import Settings
from meibo.values.pseudonyms import LicencePseudonym
from tests import veterinarian
from tests.databases import NEWEST
from tests.installed import settings_of
from tests.postgres import PostgresServer
from tests.veterinarian.installed import BOTH, ENTRIES, OFFICER, enter_both

pytestmark = [pytest.mark.slow, pytest.mark.stores]
TABLES = tuple(
    f"veterinarian_{name}" for name in ("family_register", "practice_report", "qualifications", "register")
)
NOT_INSTALLED = (
    "The database is at revision veterinarian_0002, which is not installed here. Install the distribution of"
    " 'veterinarian' (or its newer version) again, or retire it where it is installed:"
    " meibo plugin retire veterinarian"
)


@pytest.fixture(params=NEWEST)
def settings(
    request: pytest.FixtureRequest, server_of: Callable[[str], PostgresServer], tmp_path: Path
) -> Iterator[Settings]:
    """Settings of an installation of the test's own."""
    if request.param == "sqlite":
        yield settings_of(None, tmp_path)
    else:
        with server_of(request.param).database() as made:
            yield settings_of(made, tmp_path)
    forget_tables("veterinarian")


def both(*, file: str = "") -> Host:
    """Doctors and veterinarians; `file` is where the veterinarians' numbers lie, if not in one of their own."""
    made = ModuleType("tests.veterinarian.filed")
    made.__file__ = veterinarian.__file__

    @hookimpl
    def meibo_profession() -> ProfessionPlugin:
        plugin: ProfessionPlugin = veterinarian.meibo_profession()
        return replace(plugin, file=file)

    made.meibo_profession = meibo_profession  # type: ignore[attr-defined]
    return load_host([("veterinarian", made)], only={"doctor"})


async def entered(settings: Settings, host: Host) -> dict[str, LicencePseudonym]:
    """One person's two licences, each with a number, in a new installation; their pseudonyms by profession."""
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        await seed_codes(installation, command_principal("test", host.professions))
        made = await enter_both(installation)
        await installation.sequencer.run_once()
        reader = installation.reader(OFFICER, "test")
        heads = await reader.heads([each.licence for each in made.values() if each.licence])
    return {head.profession: LicencePseudonym(head.pseudonym) for head in heads if head}


async def try_to_retire(settings: Settings, host: Host, code: str, licences: int) -> Retirement:
    async with open_installation(settings, host) as installation:
        return await retire(installation, command_principal("test", BOTH), code, licences)


async def certify(settings: Settings, host: Host) -> None:
    """Two certificates of each licence."""
    async with open_installation(settings, host) as installation:
        entries = Entries(installation.register, Indices(installation.keys), "https://meibo.example/status/")
        for code, scope in installation.scopes.numbers.items():
            reader = installation.reader(OFFICER, "test")
            id = await reader.find_id(number=(code, ENTRIES[code]["registration_number"]))
            assert id is not None
            ends = clock.today() + timedelta(days=90)
            draft = Draft(format=Format.SD_JWT, claims=[], medium=Medium.DIGITAL, expiry_date=ends)
            await entries.enter(scope, [id] * 2, draft)


async def certificates(installation: Installation) -> dict[int, list[tuple[int, str | None]]]:
    """Status and reason of the end of each certificate, by the profession's number."""
    async with installation.register.read(installation.scopes.known.values()) as connection:
        rows = (await connection.execute(select(certificate).order_by(certificate.c.id))).all()
    found: dict[int, list[tuple[int, str | None]]] = {}
    for row in rows:
        found.setdefault(row.scope, []).append((row.status, row.end_reason))
    return found


async def held(installation: Installation, file: str, pseudonym: LicencePseudonym) -> bool:
    found = await installation.identity.statuses([pseudonym], file, NumberKind.INDIVIDUAL_NUMBER)
    return found[pseudonym].held


async def names(installation: Installation) -> set[str]:
    async with installation.register.read() as connection:
        return set(await connection.run_sync(lambda c: inspect(c).get_table_names()))


async def leaves(installation: Installation) -> list[Leaf]:
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.execute(leaf_table.select())).mappings().all()
    found = [decode(row["body"]).leaf for row in bodies]
    return [leaf for leaf in found if leaf.operation == "plugin.retire"]


@pytest.mark.parametrize("licences", [0, 2])
async def test_a_register_with_entries_goes_only_where_their_number_is_said(
    settings: Settings, licences: int
) -> None:
    host = both()
    pseudonyms = await entered(settings, host)
    with pytest.raises(OperatorError) as refused:
        await try_to_retire(settings, host, "veterinarian", licences)
    assert refused.value.en == (
        "The register of 'veterinarian' holds licences, 1 in all, and what it says of them would be lost for good."
        " Stop the server and back up; then say how many: --licences 1."
    )
    async with open_installation(settings, host) as installation:
        assert set(TABLES) <= await names(installation)
        assert await held(installation, "veterinarian", pseudonyms["veterinarian"])
        assert await leaves(installation) == []


async def test_the_others_stay_whole(settings: Settings) -> None:
    pseudonyms = await entered(settings, both())
    await certify(settings, both())
    assert await try_to_retire(settings, both(), "veterinarian", 1) == Retirement(TABLES, 1, 2, 1)
    async with open_installation(settings, load_host(only={"doctor"})) as installation:
        assert (dict(installation.scopes.numbers), installation.scopes.absent()) == (
            {"doctor": 1},
            ["veterinarian"],
        )
        assert await names(installation) & set(TABLES) == set()
        assert await held(installation, "medical", pseudonyms["doctor"])
        assert not await held(installation, "veterinarian", pseudonyms["veterinarian"])
        assert await certificates(installation) == {
            installation.scopes.known["doctor"]: [(Status.VALID, None)] * 2,
            installation.scopes.known["veterinarian"]: [(Status.INVALID, EndReason.RETIRED)] * 2,
        }
        told = [(leaf.kind, leaf.profession, leaf.count) for leaf in await leaves(installation)]
        assert sorted(told) == [
            (LeafKind.DONE, "veterinarian", 1),
            (LeafKind.INTENT, "veterinarian", 1),
        ]
        reader = installation.reader(OFFICER, "test")
        found = [await reader.find_id(pseudonym=pseudonym) for pseudonym in pseudonyms.values()]
        assert [id is None for id in found] == [code == "veterinarian" for code in pseudonyms]
        await installation.sequencer.run_once()
        report = await verification.verify(
            installation.databases[Store.AUDIT], installation.keys, installation.sources,
            installation.facts.get("id", "unnamed"),
        )  # fmt: skip
        assert report.fault is None


async def test_reconciling_knows_licences_of_professions_that_are_not_installed(settings: Settings) -> None:
    pseudonyms = await entered(settings, both())
    quarantined = both().without({"veterinarian": "broken"})
    async with open_installation(settings, quarantined) as installation:
        operator = command_principal("test", ["doctor"])

        async def exists(asked: object) -> set[LicencePseudonym]:
            return await standing(installation, asked)  # type: ignore[arg-type]

        swept = await installation.identity.reconcile(operator, exists, timedelta(0))
        assert swept == ReconcileReport()
    async with open_installation(settings, both()) as installation:
        assert await held(installation, "veterinarian", pseudonyms["veterinarian"])


async def test_an_uninstalled_profession_that_was_not_retired_is_named(settings: Settings) -> None:
    await entered(settings, both())
    with pytest.raises(MigrationError) as refused:
        async with open_installation(settings, load_host(only={"doctor"})):
            pass
    assert refused.value.en == NOT_INSTALLED


async def test_numbers_of_a_file_that_another_profession_keeps_stay(settings: Settings) -> None:
    host = both(file="medical")
    pseudonyms = await entered(settings, host)
    assert await try_to_retire(settings, host, "veterinarian", 1) == Retirement(TABLES, 1, 0, 0)
    async with open_installation(settings, load_host(only={"doctor"})) as installation:
        assert await held(installation, "medical", pseudonyms["doctor"])


async def test_an_empty_register_goes_at_once_and_may_come_back(settings: Settings) -> None:
    host = both()
    await migrate(settings, host)
    assert await try_to_retire(settings, host, "veterinarian", 0) == Retirement(TABLES, 0, 0, 0)
    await migrate(settings, host)
    async with open_installation(settings, host) as installation:
        assert set(TABLES) <= await names(installation)


async def test_a_profession_that_is_not_here(settings: Settings) -> None:
    await migrate(settings, both())
    with pytest.raises(OperatorError) as refused:
        await try_to_retire(settings, both(), "farrier", 0)
    assert refused.value.en == "There is no profession 'farrier' here: see `meibo status`."
