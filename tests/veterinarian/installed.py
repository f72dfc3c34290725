"""An installation that keeps doctors and veterinarians, for tests that import these fixtures over `conftest`'s.

It has a database of its own on each PostgreSQL: one that knows a profession more would refuse the other tests' host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache

import pytest

from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.host import Host, load_host
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation
from meibo.registry.requests import ActRequest, Outcome
from tests import veterinarian
from tests.installed import Template, principal
from tests.postgres import PostgresDatabase, PostgresServer

BOTH = frozenset({"doctor", "veterinarian"})
NUMBER = "123456789018"
OFFICER = principal(Role.OFFICER, BOTH, plus=frozenset({Permission.IMPORT_RUN, Permission.NUMBER_REVEAL}))
"""An officer of both registers, who may do everything."""
ENTRIES = {
    "doctor": {
        "registration_number": "700001",
        "registration_date": "2010-05-06",
        "family_name": "鷹司",
        "given_name": "満月",
        "family_name_kana": "タカツカサ",
        "given_name_kana": "ミツキ",
        "birth_date": "1983-02-14",
        "sex_code": "2",
        "domicile_code": "26",
        "national_exam_pass_date": "2010-03-29",
    },
    "veterinarian": {
        "registration_number": "800002",
        "registration_date": "2012-07-08",
        "family_name": "鷹司満月",
        "family_name_kana": "タカツカサミツキ",
        "birth_date": "1983-02-14",
    },
}
"""One person's entry in each register."""
LISTS = {
    "veterinarian": {
        "qualifications": [
            {"qualification_field": "1", "acquired_date": "2016-06-07", "awarded_by": "鷹司獣医学会"},
            {"qualification_field": "9"},
        ]
    }
}
"""The lists of these entries."""


@pytest.fixture(scope="session")
def host() -> Host:
    """The installed plugins, and one that is not."""
    return load_host([("veterinarian", veterinarian)], only={"doctor"})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    """Stores that know both professions."""
    return Template(tmp_path_factory.mktemp("two-professions"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """One database on each PostgreSQL, for the tests with both professions."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


def entry(code: str, key: str = "one", number: str | None = NUMBER, **change: str) -> ActRequest:
    """The request to enter the person in a register."""
    values = ENTRIES[code] | change
    return ActRequest(
        idempotency_key=key,
        effective_date=date.fromisoformat(values["registration_date"]),
        reason="101",
        legal_basis="register",
        values={"register": values, **LISTS.get(code, {})},
        numbers={NumberKind.INDIVIDUAL_NUMBER: number} if number else {},
        verified_by=VerifiedBy.MY_NUMBER_CARD if number else None,
    )


async def enter_both(installation: Installation, who: Principal = OFFICER) -> dict[str, Outcome]:
    """The person's licences, entered with one number and one idempotency key."""
    return {code: await installation.office.register(who, code, entry(code)) for code in sorted(BOTH)}
