"""The types, and how they are read: keyset pages, one session for each statement's work."""

from __future__ import annotations

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Annotated

import strawberry
from corrections import Correction, CorrectionInput, correct
from loaders import Loaders
from models import DispositionRow, DoctorRow, PrefectureRow, sessions
from sqlalchemy import select
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import Info

LARGEST_PAGE = 500
Context = Info[dict[str, Loaders], None]


@strawberry.type
class Prefecture:
    """A prefecture."""

    code: str
    name: str

    @classmethod
    def of(cls, row: PrefectureRow) -> Prefecture:
        """A row as the API shows it."""
        return cls(code=row.code, name=row.name)


@strawberry.type
class Disposition:
    """A disposition of a doctor."""

    kind: str
    order_number: str | None
    ordered_date: date
    start_date: date
    end_date: date | None
    lifted_date: date | None
    remarks: str | None

    @classmethod
    def of(cls, row: DispositionRow) -> Disposition:
        """A row as the API shows it."""
        return cls(**{name: getattr(row, name) for name in cls.__annotations__})


@strawberry.type
class Doctor:
    """A doctor."""

    id: strawberry.ID
    pseudonym: str
    registration_number: str
    registration_date: date
    state: str
    version: int
    family_name: str | None
    given_name: str | None
    family_name_kana: str | None
    given_name_kana: str | None
    birth_date: str | None
    sex_code: str | None
    domicile_code: str | None
    licence_type_code: str | None
    alma_mater_code: str | None
    exam_number: str | None
    national_exam_round: int | None
    national_exam_year: int | None
    national_exam_pass_date: date | None
    received_date: date | None
    row: strawberry.Private[DoctorRow]

    @classmethod
    def of(cls, row: DoctorRow) -> Doctor:
        """A row as the API shows it."""
        return cls(row=row, **{name: getattr(row, name) for name in cls.__annotations__ if name != "row"})

    @strawberry.field
    async def prefecture(self, info: Context) -> Prefecture | None:
        """Through which prefecture the doctor applied."""
        if self.row.prefecture_code is None:
            return None
        found = await info.context["loaders"].prefecture.load(self.row.prefecture_code)
        return Prefecture.of(found) if found else None

    @strawberry.field
    async def dispositions(self, info: Context) -> list[Disposition]:
        """In the order in which they were ordered."""
        return [Disposition.of(row) for row in await info.context["loaders"].dispositions.load(self.row.id)]


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class DoctorPage:
    """A page of doctors by register number."""

    nodes: list[Doctor]
    page_info: PageInfo


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field
    async def doctor(self, id: strawberry.ID) -> Doctor | None:
        """A doctor by id."""
        async with sessions() as session:
            row = await session.get(DoctorRow, uuid.UUID(id))
        return Doctor.of(row) if row else None

    @strawberry.field
    async def doctors(
        self, first: int, prefecture: str | None = None, after: str | None = None
    ) -> DoctorPage:
        """A page of doctors after a cursor."""
        size = min(first, LARGEST_PAGE)
        statement = select(DoctorRow).order_by(DoctorRow.number_key).limit(size + 1)
        if prefecture is not None:
            statement = statement.where(DoctorRow.prefecture_code == prefecture)
        if after is not None:
            statement = statement.where(DoctorRow.number_key > urlsafe_b64decode(after).decode())
        async with sessions() as session:
            rows = (await session.scalars(statement)).all()
        kept = rows[:size]
        end = urlsafe_b64encode(kept[-1].number_key.encode()).decode() if kept else None
        return DoctorPage(
            nodes=[Doctor.of(row) for row in kept],
            page_info=PageInfo(has_next_page=len(rows) > size, end_cursor=end),
        )


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.mutation
    async def correct_doctor(self, input: Annotated[CorrectionInput, strawberry.argument()]) -> Correction:
        """Correct a doctor's name."""
        return await correct(input)


schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache(), ValidationCache()])
