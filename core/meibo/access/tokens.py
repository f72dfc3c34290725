"""Bearer tokens: 256 random bits, shown once, kept as a hash. Staff sign-in comes in front of the same accounts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from meibo import clock
from meibo.access.permissions import ROLES, Permission, Role
from meibo.access.principals import Principal, Surface
from meibo.access.tables import account, token
from meibo.database.direct.statements import Statement, given
from meibo.database.stores import Database
from meibo.errors import OperatorError, Unauthenticated

PREFIX = "meibo_"
DEFAULT_HOURS = 12
LONGEST_TOKEN = 200
OPERATOR = frozenset(
    {
        Permission.CHECK_APPROVE,
        Permission.CHECK_PLAN,
        Permission.CHECK_READ,
        Permission.CHECK_RULE,
        Permission.CODE_READ,
        Permission.CODE_WRITE,
        Permission.EXCHANGE_CARRY,
        Permission.EXCHANGE_MANAGE,
        Permission.FAMILY_INQUIRE,
        Permission.FAMILY_READ,
        Permission.IMPORT_RUN,
        Permission.JOB_MANAGE,
        Permission.LICENCE_READ,
        Permission.LICENCE_REGISTER,
        Permission.LINK_MANAGE,
        Permission.LINK_SEND,
        Permission.NUMBER_DESTROY,
        Permission.NUMBER_ENROL,
        Permission.PARTNER_APPLY,
        Permission.PARTNER_APPROVE,
        Permission.PARTNER_READ,
        Permission.PARTNER_SUSPEND,
        Permission.REPLY_WRITE,
        Permission.RESIDENT_ASK,
        Permission.RESIDENT_READ,
    }
)
"""What a command may do on behalf of whoever has the machine."""
ALL = "*"
"""In an account's professions: every one that is installed."""
_BY_TOKEN = Statement(
    select(
        account.c.id, account.c.institution, account.c.role, account.c.professions, account.c.offices,
        token.c.terminal, token.c.expires_at,
    )
    .join(token, token.c.account_id == account.c.id)
    .where(token.c.hash == given(token.c.hash, "hash"), token.c.withdrawn_at.is_(None)),
    brief=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A member of an office; `professions` are codes, or `*` for all; `offices` bind it to entries of those
    receiving offices."""

    id: str
    name_ja: str
    name_en: str
    institution: str
    role: Role
    professions: tuple[str, ...]
    offices: tuple[str, ...] = ()
    demo: bool = False


class Tokens:
    """Accounts, and the tokens by which they sign in."""

    def __init__(self, database: Database, professions: Iterable[str]) -> None:
        self.database = database
        self.professions = frozenset(professions)
        self._mark: object = None
        self._known: dict[bytes, tuple[Principal, datetime]] = {}

    async def add_account(self, new: Account) -> None:
        """Add an account; raises OperatorError where the id is taken."""
        async with self.database.write() as work:
            if (await work.connection.execute(select(account.c.id).where(account.c.id == new.id))).first():
                raise OperatorError(f"There is an account {new.id!r} already.")
            row = {
                "id": new.id, "name_ja": new.name_ja, "name_en": new.name_en, "institution": new.institution,
                "role": new.role, "professions": ",".join(new.professions),
                "offices": ",".join(new.offices) or None, "demo": int(new.demo),
            }  # fmt: skip
            await work.connection.execute(insert(account), row)
            await work.commit()

    async def accounts(self, *, demo_only: bool = False) -> list[Account]:
        """The accounts, by id."""
        statement = select(account).order_by(account.c.id)
        async with self.database.read() as connection:
            rows = await connection.execute(statement.where(account.c.demo == 1) if demo_only else statement)
            return [
                Account(
                    id=r.id, name_ja=r.name_ja, name_en=r.name_en, institution=r.institution, role=Role(r.role),
                    professions=tuple(r.professions.split(",")),
                    offices=tuple(r.offices.split(",")) if r.offices else (), demo=bool(r.demo),
                )
                for r in rows
            ]  # fmt: skip

    async def issue(self, account_id: str, terminal: str, hours: int = DEFAULT_HOURS) -> str:
        """A new token for an account; raises OperatorError where there is none of that id."""
        made = PREFIX + secrets.token_urlsafe(32)
        now = clock.now()
        async with self.database.write() as work:
            if not (
                await work.connection.execute(select(account.c.id).where(account.c.id == account_id))
            ).first():
                raise OperatorError(f"There is no account {account_id!r}: see `meibo account list`.")
            row = {
                "hash": _hash(made), "account_id": account_id, "terminal": terminal, "issued_at": now,
                "expires_at": now + timedelta(hours=hours), "withdrawn_at": None,
            }  # fmt: skip
            await work.connection.execute(insert(token), row)
            await work.commit()
        return made

    async def withdraw(self, account_id: str) -> int:
        """Withdraw every token of an account; gives how many."""
        async with self.database.write() as work:
            statement = update(token).where(token.c.account_id == account_id, token.c.withdrawn_at.is_(None))
            done = await work.connection.execute(statement.values(withdrawn_at=clock.now()))
            await work.commit()
        self._known = {}
        return done.rowcount

    async def principal(self, presented: str, surface: Surface) -> Principal:
        """Who presents a token; raises Unauthenticated alike for unknown, expired and withdrawn ones.

        A token stays known until the register changes (SQLite), or for a second (PostgreSQL)."""
        if not presented.startswith(PREFIX) or len(presented) > LONGEST_TOKEN:
            raise Unauthenticated
        known = self.remembered(presented, surface)
        if known is not None:
            return known
        hashed = _hash(presented)
        self._known[hashed] = await self._read(hashed, surface)
        return _standing(self._known[hashed], surface)

    def remembered(self, presented: str, surface: Surface) -> Principal | None:
        """Who presents a token that is still known; None where it must be read. Raises Unauthenticated where it has
        expired."""
        mark = self.database.mark()
        if mark != self._mark:
            self._mark, self._known = mark, {}
        known = self._known.get(_hash(presented))
        return known and _standing(known, surface)

    async def _read(self, hashed: bytes, surface: Surface) -> tuple[Principal, datetime]:
        """Whose token it is, and until when; raises Unauthenticated."""
        rows = await self.database.fetch(_BY_TOKEN, hash=hashed)
        if not rows:
            raise Unauthenticated
        [(id, institution, role, professions, bound, terminal, expires_at)] = rows
        named = frozenset(professions.split(","))
        scope = self.professions if ALL in named else named & self.professions
        offices = frozenset(bound.split(",")) if bound else None
        return Principal(id, institution, terminal, surface, ROLES[Role(role)], scope, offices), expires_at


def _standing(known: tuple[Principal, datetime], surface: Surface) -> Principal:
    """Whose token it is, where it has not expired; else raises Unauthenticated."""
    found, expires_at = known
    if expires_at <= clock.now():
        raise Unauthenticated
    return found if found.surface is surface else replace(found, surface=surface)


def command_principal(terminal: str, professions: Iterable[str]) -> Principal:
    """The operator at the machine: enters what files and registries give, and reads no personal data."""
    return Principal("operator", "operator", terminal, Surface.COMMAND, OPERATOR, frozenset(professions))


def _hash(presented: str) -> bytes:
    return hashlib.sha256(presented.encode()).digest()
