"""Replies of outside registries: filed, sealed, masked, and refused without a trace but a leaf."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import LeafKind, decode
from meibo.database.stores import Store
from meibo.errors import FindingCode, Forbidden, NotFound, Refused
from meibo.identity import NumberKind
from meibo.installation import Installation
from tests.core.register.doctors import Doctors
from tests.installed import principal

REPLY = {
    "living_status": "0",
    "full_name_kanji": "見本　太郎",
    "birth_date": "1950-05-XX",
    "result_record_count": 1,
}
WRITER = principal(Role.ADMINISTRATOR)


@pytest.fixture
async def licence(doctors: Doctors) -> UUID:
    return await doctors.enter()


async def filed(installation: Installation, licence: UUID) -> list[dict[str, object]]:
    """The values of the replies that a clerk sees."""
    reader = installation.reader(principal(Role.CLERK), "test")
    [head] = await reader.heads([licence])
    assert head is not None
    [rows] = await reader.replies("resident_record", [head])
    return [dict(view.values) for _, view in rows]


async def test_a_reply_is_filed_and_its_number_goes_to_the_vault(
    installation: Installation, licence: UUID
) -> None:
    doctor = installation.host["doctor"]
    raw = {**REPLY, "individual_number": "123456789018"}
    await installation.replies.file(WRITER, doctor, licence, "resident_record", raw)
    [values] = await filed(installation, licence)
    assert values["full_name_kanji"] == "見本　太郎"
    assert "individual_number" not in values
    found = await installation.reader(WRITER, "test").find_by_number(
        "doctor", NumberKind.INDIVIDUAL_NUMBER, "123456789018"
    )
    assert found == licence


REFUSED = (
    ({"living_status": "0", "no_such_item": "1"}, ("no_such_item",), FindingCode.NOT_FOUND),
    ({"birth_date": "1950-13"}, ("birth_date",), FindingCode.INVALID_VALUE),
    ({"sex": "7"}, ("sex",), FindingCode.UNKNOWN_CODE),
)


@pytest.mark.parametrize(("raw", "path", "code"), REFUSED)
async def test_a_bad_reply_is_refused_whole(
    installation: Installation, licence: UUID, raw: dict[str, str], path: tuple[str, ...], code: FindingCode
) -> None:
    doctor = installation.host["doctor"]
    with pytest.raises(Refused) as refused:
        await installation.replies.file(WRITER, doctor, licence, "resident_record", raw)
    assert [(f.path, f.code) for f in refused.value.findings] == [(path, code)]
    assert await filed(installation, licence) == []


async def test_no_licence_no_reply(installation: Installation) -> None:
    with pytest.raises(NotFound):
        await installation.replies.file(
            WRITER, installation.host["doctor"], uuid4(), "resident_record", REPLY
        )


async def test_without_the_permission_there_is_a_leaf_and_no_row(
    installation: Installation, licence: UUID
) -> None:
    clerk = principal(Role.CLERK, without=frozenset({Permission.REPLY_WRITE}))
    with pytest.raises(Forbidden):
        await installation.replies.file(clerk, installation.host["doctor"], licence, "resident_record", REPLY)
    assert await filed(installation, licence) == []
    async with installation.databases[Store.AUDIT].read() as connection:
        bodies = (await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))).all()
    assert LeafKind.REFUSAL in {decode(body).leaf.kind for body in bodies}
