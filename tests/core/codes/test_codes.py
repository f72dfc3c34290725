"""Code tables: rows by date, labels, and the trail that changes leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from meibo.access.permissions import Permission, Role
from meibo.codes.service import FIRST_DAY, CodeTables
from meibo.codes.tables import code_change
from meibo.errors import Finding, FindingCode, Forbidden, Refused
from meibo.installation import Installation
from tests.core.register.doctors import Doctors
from tests.installed import principal

CLERK = principal(Role.ADMINISTRATOR, account="keeper")
SITE = "exam_site_master"
CHANGE = date(2030, 4, 1)


@pytest.fixture
async def codes(installation: Installation) -> CodeTables:
    """The seeded tables: 80-99 are free for tests, which PostgreSQL keeps."""
    await installation.codes.refresh()
    return installation.codes


def free(codes: CodeTables) -> str:
    """A code of an examination site that nobody has used."""
    return next(f"{n}" for n in range(50, 99) if not codes.known(SITE, f"{n}"))


async def test_a_row_follows_the_one_that_held(codes: CodeTables) -> None:
    code = free(codes)
    await codes.put(CLERK, SITE, {"exam_site_code": code, "exam_site_name": "旧"})
    made = await codes.put(CLERK, SITE, {"exam_site_code": code, "exam_site_name": "新"}, CHANGE)
    mine = [r for r in codes.rows(SITE) if r.key == code]
    assert [(r.values["exam_site_name"], r.valid_from, r.valid_to) for r in mine] == [
        ("旧", FIRST_DAY, CHANGE),
        ("新", CHANGE, None),
    ]
    assert made == mine[-1]
    found = {day: codes.find(SITE, code, day) for day in (date(2030, 3, 31), CHANGE, date(1868, 1, 24))}
    assert [r and r.values["exam_site_name"] for r in found.values()] == ["旧", "新", None]
    assert [r.key for r in codes.rows(SITE, CHANGE)].count(code) == 1


async def test_the_trail_tells_who_made_and_who_changed_it(codes: CodeTables) -> None:
    code = free(codes)
    first = await codes.put(CLERK, SITE, {"exam_site_code": code, "exam_site_name": "旧"})
    second = await codes.put(CLERK, SITE, {"exam_site_code": code, "exam_site_name": "新"}, CHANGE)
    for row in (first, second):
        assert (row.values["created_terminal_no"], row.values["updated_terminal_no"]) == (
            "terminal-1",
            "terminal-1",
        )
    assert second.values["created_at"] == first.values["created_at"]
    assert second.values["updated_at"] > first.values["updated_at"] == first.values["created_at"]


async def test_a_change_is_recorded_once(codes: CodeTables, installation: Installation) -> None:
    before = await Doctors(installation).rows(code_change)
    code = free(codes)
    await codes.put(CLERK, SITE, {"exam_site_code": code})
    [new] = (await Doctors(installation).rows(code_change))[len(before) :]
    assert (new["account"], new["terminal"], new["table_name"], new["key"]) == (
        "keeper",
        "terminal-1",
        SITE,
        code,
    )


async def test_another_server_sees_the_change(codes: CodeTables, installation: Installation) -> None:
    other = CodeTables(installation.register, codes.tables)
    await other.refresh()
    code = free(codes)
    await codes.put(CLERK, SITE, {"exam_site_code": code})
    assert not other.known(SITE, code)
    await other.refresh(at_once=True)
    assert other.known(SITE, code)


@pytest.mark.parametrize(
    ("raw", "path", "code"),
    [
        ({}, "exam_site_code", FindingCode.REQUIRED),
        ({"exam_site_code": "123"}, "exam_site_code", FindingCode.INVALID_VALUE),
        ({"exam_site_code": "9x!"}, "exam_site_code", FindingCode.INVALID_VALUE),
        ({"exam_site_code": "99", "remarks": "a\x00"}, "remarks", FindingCode.INVALID_VALUE),
    ],
)
async def test_bad_rows(
    codes: CodeTables, installation: Installation, raw: dict[str, Any], path: str, code: FindingCode
) -> None:
    before = await Doctors(installation).stored()
    with pytest.raises(Refused) as refused:
        await codes.put(CLERK, SITE, raw)
    found: tuple[Finding, ...] = refused.value.findings
    assert [(f.path, f.code) for f in found] == [((path,), code)]
    assert await Doctors(installation).stored() == before


async def test_who_may_not_write(codes: CodeTables) -> None:
    with pytest.raises(Forbidden) as refused:
        await codes.put(principal(Role.OFFICER), SITE, {"exam_site_code": "99"})
    assert refused.value.permission == Permission.CODE_WRITE


@pytest.mark.parametrize(
    ("table", "code", "language", "label"),
    [
        ("domicile_master", "13", "ja", "東京都"),
        ("domicile_master", "13", "en", "Tokyo"),
        ("domicile_master", "no", "ja", None),
        ("nothing_master", "13", "ja", None),
    ],
)
async def test_labels(codes: CodeTables, table: str, code: str, language: str, label: str | None) -> None:
    assert codes.label(table, code, language) == label


async def test_a_reason_is_known_by_its_code_whatever_its_category(codes: CodeTables) -> None:
    assert codes.known("reason_master", "101")
    assert not codes.known("reason_master", "999")
    found = codes.find("reason_master", "101")
    assert found is not None
    assert found.key == f"{found.values['processing_category_code']}/101"


async def test_every_table_is_seeded_in_order(codes: CodeTables) -> None:
    for table in codes.tables.keys() - {"disposition_master"}:
        rows = codes.rows(table)
        assert rows
        assert [(r.key.split("/")[-1], r.valid_from) for r in rows] == sorted(
            (r.key.split("/")[-1], r.valid_from) for r in rows
        )
