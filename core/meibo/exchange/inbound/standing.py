"""Whether somebody passed: what an applicant or an entry says, looked up in the lists of its year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from meibo.exchange.inbound.lists import Lists
from meibo.exchange.inbound.matching import identity_of
from meibo.exchange.inbound.messages import PassRow
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.values.dates import EraMonth, PartialDate, YearMonth, as_partial
from meibo.values.eras import EraDate
from meibo.values.names import name_key


class PassStanding(StrEnum):
    """What the lists say."""

    PASSED = "passed"
    NOT_ON_THE_LIST = "not_on_the_list"
    AMBIGUOUS = "ambiguous"
    """A row agrees in part, or several agree: a person has to look."""
    NO_LIST = "no_list"
    """No list of the year has come, or it is no longer kept."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What somebody says of a pass: the year, the name, the day of birth (EDTF), the number where it is known."""

    year: int
    full_name: str = field(repr=False)
    birth_date: str = field(repr=False)
    number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PassFound:
    """What the lists say of a candidate, and in which of them, by the sender's ids, the rows stand that say it."""

    standing: PassStanding
    lists: tuple[UUID, ...] = ()


async def look_up(
    connection: AsyncConnection, lists: Lists, profession: str, candidate: Candidate
) -> PassFound:
    """What the lists of the year say of a candidate: passed is who agrees with one row in all that was said."""
    scope, row = lists.scopes[profession], pass_list.c
    counts = row.replaced_at.is_(None) & row.forgotten_at.is_(None)
    mine = (row.scope == scope) & (row.year == candidate.year) & counts
    if (await connection.execute(select(row.id).where(mine).limit(1))).first() is None:
        return PassFound(PassStanding.NO_LIST)
    seals = lists.seals(profession)
    persons = seals.person_hashes(candidate.year, candidate.full_name, candidate.birth_date)
    likely: ColumnElement[bool] = pass_entry.c.person_hash.in_(persons)
    if candidate.number:
        numbers = seals.number_hashes(candidate.year, candidate.number)
        likely = likely | pass_entry.c.number_hash.in_(numbers)
    rows = (
        select(pass_entry, row.list)
        .join(pass_list, row.id == pass_entry.c.list_id)
        .where(mine, pass_entry.c.scope == scope, likely)
    )
    found: dict[tuple[str, ...], set[UUID]] = {}
    for each in await connection.execute(rows):
        found.setdefault(_key(seals.open(each)), set()).add(each.list)
    return _judged(candidate, found)


def _judged(candidate: Candidate, found: dict[tuple[str, ...], set[UUID]]) -> PassFound:
    """A row that stands in two lists is one row."""
    said = identity_of(candidate.full_name, candidate.birth_date)
    number = name_key(candidate.number)
    agreeing = [key for key in found if key[1:] == said and (not number or key[0] == number)]
    if not found:
        return PassFound(PassStanding.NOT_ON_THE_LIST)
    if len(agreeing) == 1:
        return PassFound(PassStanding.PASSED, _sorted(found[agreeing[0]]))
    return PassFound(PassStanding.AMBIGUOUS, _sorted(id for ids in found.values() for id in ids))


def _key(row: PassRow) -> tuple[str, ...]:
    """What a row says, as it is compared: number, name, day of birth."""
    return name_key(row.number), *identity_of(row.family_name + row.given_name, row.birth_date.isoformat())


def _sorted(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(set(ids)))


def year_of(passed: object) -> int | None:
    """The year in which an entry says that it was passed: a year, a month or a day; None where it says none."""
    match passed:
        case int():
            return passed
        case EraMonth():
            return int(passed.month.value[:4])
        case YearMonth():
            return int(passed.value[:4])
        case PartialDate() | EraDate() | date():
            text = as_partial(passed).value[:4]
            return int(text) if text.isdecimal() else None
    return None
