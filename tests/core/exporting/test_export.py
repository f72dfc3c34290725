"""The export: what a caller may see, all of it, in a file that an import takes back; told by a signed manifest."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.access.tokens import command_principal
from meibo.audit.checkpoints import CHECKPOINT_KEY, open_note, origin, verifier_key
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Store
from meibo.errors import Forbidden, OperatorError
from meibo.exporting import service
from meibo.exporting.manifests import Manifest
from meibo.exporting.service import Encoding, Exporter
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.importing.files import read_table
from meibo.importing.service import Importer, ImportReport
from meibo.installation import Installation, open_installation
from tests.doctors import doctor_rows
from tests.installed import Template, principal

ADMINISTRATOR = principal(Role.ADMINISTRATOR)
NETWORK = VerifiedBy.RESIDENT_RECORD_NETWORK
ROWS = list(doctor_rows(12))


def written(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


async def enter(installation: Installation, path: Path) -> ImportReport:
    caller = command_principal("test", ["doctor"])
    importer = Importer(installation, caller, installation.host["doctor"], "register", "101", NETWORK)
    return await importer.run(read_table(path))


async def exported(
    installation: Installation, caller: Principal = ADMINISTRATOR, encoding: Encoding = Encoding.UTF_8
) -> tuple[bytes, Manifest]:
    exporter = Exporter(installation, caller, installation.host["doctor"], encoding)
    await exporter.begin()
    file = b"".join([part async for part in exporter.parts()])
    assert exporter.manifest is not None
    return file, exporter.manifest


async def leaves(installation: Installation) -> list[Leaf]:
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
        return [decode(body).leaf for body in bodies]


@pytest.fixture
def of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three."""
    monkeypatch.setattr(service, "LARGEST_SIZE", 3)


@pytest.mark.usefixtures("of_three")
async def test_an_export_is_imported_and_exported_again_the_same(
    installation: Installation, template: Template, host: Host, tmp_path: Path
) -> None:
    assert await enter(installation, written(tmp_path / "in.csv", ROWS)) == ImportReport(12)
    file, manifest = await exported(installation)
    found = list(csv.DictReader(io.StringIO(file.decode("utf-8"), newline="")))
    kept = [header for header in ROWS[0] if header != "individual_number"]
    assert [{h: row[h] for h in kept} for row in found] == [{h: row[h] for h in kept} for row in ROWS]
    assert manifest == Manifest("doctor", 12, hashlib.sha256(file).hexdigest())
    assert not any(row["individual_number"].encode() in file for row in ROWS)
    (tmp_path / "out.csv").write_bytes(file)
    settings = await template.settings(None, tmp_path / "second")
    async with open_installation(settings, host) as second:
        assert await enter(second, tmp_path / "out.csv") == ImportReport(12)
        assert (await exported(second))[0] == file


async def test_who_may_see_less_gets_less(installation: Installation, tmp_path: Path) -> None:
    """What is masked has no column, so that nobody takes it for empty."""
    await enter(installation, written(tmp_path / "in.csv", ROWS))
    caller = principal(Role.VIEWER, plus=frozenset({Permission.EXPORT_RUN}))
    file = (await exported(installation, caller))[0].decode()
    headers = file.splitlines()[0].split(",")
    assert "national_exam_year" in headers
    assert not {"family_name", "birth_date", "memo"} & set(headers)
    assert not any(row["family_name"] in file for row in ROWS)
    offices = [row["forwarding_prefecture_code"] for row in ROWS]
    office = next(filter(None, offices))
    bound = replace(ADMINISTRATOR, offices=frozenset({office}))
    assert (await exported(installation, bound))[1].rows == offices.count(office)


async def test_intent_and_manifest_are_on_record(installation: Installation, tmp_path: Path) -> None:
    await enter(installation, written(tmp_path / "in.csv", ROWS))
    before = len(await leaves(installation))
    exporter = Exporter(installation, ADMINISTRATOR, installation.host["doctor"])
    await exporter.begin()
    parts = exporter.parts()
    first = await anext(parts)
    [intent] = (await leaves(installation))[before:]
    assert (intent.kind, intent.operation, intent.account) == (LeafKind.INTENT, "export", "tester")
    rest = b"".join([part async for part in parts])
    [_, told] = (await leaves(installation))[before:]
    digest = hashlib.sha256(first + rest).hexdigest()
    assert (told.kind, told.count, told.reference) == (LeafKind.EXPORT, 12, f"sha256:{digest}")
    assert Manifest.of(told) == exporter.manifest
    assert exporter.manifest is not None
    name = origin("here")
    note = exporter.manifest.signed("here", installation.keys)
    public = verifier_key(installation.keys.newest(CHECKPOINT_KEY), name)
    assert open_note(note, public) == f"{name}\nexport doctor\nrows 12\nsha256 {digest}\n"


async def test_who_may_not_export(installation: Installation) -> None:
    for caller in (
        principal(Role.OFFICER),
        principal(Role.ADMINISTRATOR, {"nurse"}),
        principal(Role.ADMINISTRATOR, without=frozenset({Permission.LICENCE_READ})),
    ):
        with pytest.raises(Forbidden):
            await Exporter(installation, caller, installation.host["doctor"]).begin()
    assert {leaf.kind for leaf in await leaves(installation)} == {LeafKind.REFUSAL}


async def test_nothing_is_put_in_the_place_of_a_character(installation: Installation, tmp_path: Path) -> None:
    await enter(installation, written(tmp_path / "in.csv", ROWS[:1]))
    file, _ = await exported(installation, encoding=Encoding.CP932)
    assert ROWS[0]["family_name"] in file.decode("cp932")
    file, _ = await exported(installation, encoding=Encoding.UTF_8_SIG)
    assert (file[:3], file.count(b"\xef\xbb\xbf")) == (b"\xef\xbb\xbf", 1)
    row = {**ROWS[1], "family_name": "𠮷田"}
    await enter(installation, written(tmp_path / "more.csv", [row]))
    with pytest.raises(OperatorError) as refused:
        await exported(installation, encoding=Encoding.CP932)
    assert refused.value.en == "A character of this register is none of CP932: export it as UTF-8."


async def test_an_empty_register(installation: Installation) -> None:
    file, manifest = await exported(installation)
    assert (len(file.splitlines()), manifest.rows) == (1, 0)
