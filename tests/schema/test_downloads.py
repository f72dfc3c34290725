"""A register as a file over HTTP: as the caller may see it, and its manifest afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from meibo.access.permissions import Role
from meibo.audit.checkpoints import CHECKPOINT_KEY, open_note, origin, verifier_key
from tests.schema.conftest import ROWS, Api, Caller

CSV = "/registry/export/doctor.csv"


def get(caller: Caller, path: str = CSV) -> Awaitable[httpx.Response]:
    return caller.http.get(path, headers={"authorization": f"Bearer {caller.token}"})


async def test_a_register_and_its_manifest(api: Api, entered: Callable[[int], Awaitable[Any]]) -> None:
    await entered(3)
    keeper = await api.caller(Role.ADMINISTRATOR)
    answer = await get(keeper)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.text.splitlines()) == 4
    assert all(row["family_name"] in answer.text for row in ROWS[:3])
    link = answer.headers["link"].removeprefix("<").partition(">")[0]
    note = await get(keeper, link)
    key = api.installation.keys.newest(CHECKPOINT_KEY)
    name = origin(api.installation.facts["id"])
    digest = hashlib.sha256(answer.content).hexdigest()
    assert (
        open_note(note.text, verifier_key(key, name)) == f"{name}\nexport doctor\nrows 3\nsha256 {digest}\n"
    )
    assert (await get(await api.caller(Role.OFFICER), link)).status_code == 404


async def test_cp932(api: Api, entered: Callable[[int], Awaitable[Any]]) -> None:
    await entered(1)
    answer = await get(await api.caller(Role.ADMINISTRATOR), f"{CSV}?encoding=cp932")
    assert answer.headers["content-type"] == "text/csv; charset=Shift_JIS"
    assert ROWS[0]["family_name"] in answer.content.decode("cp932")


async def test_who_gets_none(api: Api) -> None:
    keeper, officer = await api.caller(Role.ADMINISTRATOR), await api.caller(Role.OFFICER)
    told = [
        (answer.status_code, answer.json()["error"]["code"])
        for answer in (
            await keeper.http.get(CSV),
            await get(officer),
            await get(keeper, "/registry/export/barber.csv"),
            await get(keeper, f"{CSV}?encoding=latin-1"),
            await get(keeper, "/registry/export/manifests/none"),
        )
    ]
    assert told == [
        (401, "UNAUTHENTICATED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (404, "NOT_FOUND"),
        (404, "NOT_FOUND"),
    ]
