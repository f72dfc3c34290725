"""Identity over the vault's stores, with a stand-in register."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from meibo.audit.leaves import Leaf, decode
from meibo.audit.log import AuditLog
from meibo.database.stores import Store
from meibo.identity import Identity, NumberKind, ReconcileReport, VerifiedBy, open_identity
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym
from meibo.vault.tables import licence_link, person
from tests.core.identity.stand_ins import CLERK, FILES, OPERATOR, StandInRegister
from tests.core.vault.conftest import Vault
from tests.core.vault.conftest import migrated as migrated
from tests.core.vault.conftest import place as place
from tests.core.vault.conftest import postgres_of as postgres_of
from tests.core.vault.conftest import pytest_generate_tests as pytest_generate_tests
from tests.core.vault.conftest import vault as vault
from tests.core.vault.conftest import where as where
from tests.core.vault.numerals import FILE, OTHER_FILE

FILE_OF = {"doctor": FILE, "nurse": FILE, "pharmacist": OTHER_FILE}


@dataclass(frozen=True, slots=True)
class Office:
    """Identity under test, and a look behind it."""

    identity: Identity
    vault: Vault
    register: StandInRegister

    async def enrol(
        self, profession: str = "doctor", pseudonym: LicencePseudonym | None = None, **numbers: str
    ) -> LicencePseudonym:
        """Register a licence with numbers by kind, as a clerk does."""
        pseudonym = pseudonym or new_licence_pseudonym()
        await self.identity.enrol(
            CLERK,
            profession=profession,
            file=FILE_OF[profession],
            pseudonym=pseudonym,
            numbers={NumberKind(kind): number for kind, number in numbers.items()},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="register",
            commit=self.register.entering(pseudonym),
        )
        return pseudonym

    async def enrol_for(
        self, pseudonym: LicencePseudonym, profession: str = "doctor", **numbers: str
    ) -> None:
        """Enrol numbers for a licence that is there."""
        await self.identity.enrol_for(
            CLERK,
            profession=profession,
            file=FILE_OF[profession],
            pseudonym=pseudonym,
            numbers={NumberKind(kind): number for kind, number in numbers.items()},
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            operation="enrolNumber",
        )

    async def reconcile(self) -> ReconcileReport:
        return await self.identity.reconcile(OPERATOR, self.register.exists, timedelta(0))

    async def leaves(self) -> list[Leaf]:
        async with self.vault.databases[Store.AUDIT].read() as connection:
            bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
            return [decode(body).leaf for body in bodies]

    async def stored(self) -> tuple[int, ...]:
        """Persons, links, enrolments, usable keys, hashes."""
        links = [await self.vault.count(Store.LINKS, table) for table in (person, licence_link)]
        return (*links, *await self.vault.held())


@pytest.fixture
async def register(tmp_path: Path) -> AsyncIterator[StandInRegister]:
    register = StandInRegister(tmp_path / "register.db")
    await register.create()
    yield register
    await register.database.close()


@pytest.fixture
def office(vault: Vault, register: StandInRegister) -> Office:
    audit = AuditLog(vault.databases[Store.AUDIT], vault.keys)
    return Office(open_identity(vault.databases, vault.keys, audit, FILES), vault, register)
