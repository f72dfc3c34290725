"""An installation that keeps pharmacists alone, and its API.

It has a database of its own on PostgreSQL: one that knows a profession more would refuse the other tests' host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import pytest

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.host import Host, load_host
from meibo.identity import NumberKind, NumberStatus, VerifiedBy
from meibo.installation import Installation
from meibo.register.fold import Verb
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from tests.installed import Template, principal
from tests.postgres import PostgresDatabase, PostgresServer
from tests.schema.conftest import api as api
from tests.schema.conftest import schema as schema

NUMBER = "123456789018"
OFFICER = principal(
    professions={"pharmacist"}, plus=frozenset({Permission.REPLY_WRITE, Permission.NUMBER_REVEAL})
)
CLERK = principal(Role.CLERK, {"pharmacist"})
SOUND: Mapping[str, str] = {
    "registration_id": "7",
    "registration_number": "600001",
    "registration_category_code": "01",
    "registration_date": "2020-05-01",
    "received_date": "2020-04-02",
    "national_exam_pass_date": "2020-03-24",
    "domicile_code": "13",
    "family_name": "見本",
    "given_name": "花子",
    "family_name_kana": "ミホン",
    "given_name_kana": "ハナコ",
    "birth_date": "1995-01-15",
    "sex_code": "2",
}


@pytest.fixture(scope="session")
def host() -> Host:
    """Pharmacists alone."""
    return load_host(only={"pharmacist"})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Stores that know pharmacists."""
    return Template(tmp_path_factory.mktemp("pharmacists"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL for pharmacists."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


@dataclass(frozen=True, slots=True)
class Pharmacists:
    """The register of pharmacists under test."""

    installation: Installation

    async def enter(
        self, number: str = "600001", *, individual: str = "", groups: Any = None, **items: str
    ) -> UUID:
        """Enter a sound pharmacist, some items changed."""
        values = {"register": {**SOUND, "registration_number": number, **items}, **(groups or {})}
        request = self.asking(
            Verb.REGISTER,
            date.fromisoformat(values["register"]["registration_date"]),
            "101",
            values=values,
            numbers={NumberKind.INDIVIDUAL_NUMBER: individual} if individual else {},
            verified_by=VerifiedBy.MY_NUMBER_CARD if individual else None,
        )
        outcome = await self.installation.office.register(OFFICER, "pharmacist", request)
        assert outcome.licence is not None
        return outcome.licence

    async def act(
        self,
        licence: UUID,
        verb: Verb,
        reason: str,
        day: date | None = None,
        who: Principal = OFFICER,
        **changed: Any,
    ) -> None:
        """One act of the office upon a licence."""
        head = await self.head(licence)
        asked = self.asking(
            verb, day or clock.today(), reason, licence=licence, expected_version=head.version, **changed
        )
        await self.installation.office.act(who, verb, asked)

    def asking(self, verb: Verb, day: date, reason: str, **changed: Any) -> ActRequest:
        """A request of a verb."""
        told = {"delay_reason": "海外にいたため"} if verb is Verb.CORRECT else {}
        if verb in (Verb.SUSPEND, Verb.REVOKE):
            kind = "02" if verb is Verb.SUSPEND else "03"
            told = {"kind": kind, "order_number": "薬発1号", "office_name": "厚生労働省"}
        return ActRequest(
            idempotency_key=str(uuid4()), effective_date=day, reason=reason, legal_basis=verb.value,
            **(told | changed),
        )  # fmt: skip

    async def head(self, licence: UUID, **when: Any) -> Head:
        """The licence as it stands, or stood."""
        [head] = await self.installation.reader(OFFICER, "test").heads([licence], **when)
        assert head is not None
        return head

    async def number(self, licence: UUID) -> NumberStatus:
        """Whether the vault holds the individual number."""
        head = await self.head(licence)
        reader = self.installation.reader(OFFICER, "test")
        [status] = await reader.number_statuses([head], NumberKind.INDIVIDUAL_NUMBER)
        return status


@pytest.fixture
def pharmacists(installation: Installation) -> Pharmacists:
    """The register of pharmacists, empty."""
    return Pharmacists(installation)
