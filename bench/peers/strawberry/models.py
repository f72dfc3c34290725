"""The plain tables as SQLAlchemy's ORM sees them."""

from __future__ import annotations

import os
import uuid
from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

POOL_SIZE = 10

engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=POOL_SIZE, max_overflow=0)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Model(DeclarativeBase):
    """What all tables share."""


class PrefectureRow(Model):
    """A prefecture."""

    __tablename__ = "prefecture"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class DoctorRow(Model):
    """A doctor."""

    __tablename__ = "doctor"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pseudonym: Mapped[str]
    registration_number: Mapped[str]
    number_key: Mapped[str]
    registration_date: Mapped[date]
    state: Mapped[str]
    version: Mapped[int]
    family_name: Mapped[str | None]
    given_name: Mapped[str | None]
    family_name_kana: Mapped[str | None]
    given_name_kana: Mapped[str | None]
    birth_date: Mapped[str | None]
    sex_code: Mapped[str | None]
    domicile_code: Mapped[str | None]
    licence_type_code: Mapped[str | None]
    alma_mater_code: Mapped[str | None]
    exam_number: Mapped[str | None]
    national_exam_round: Mapped[int | None]
    national_exam_year: Mapped[int | None]
    national_exam_pass_date: Mapped[date | None]
    received_date: Mapped[date | None]
    prefecture_code: Mapped[str | None] = mapped_column(ForeignKey("prefecture.code"))


class DispositionRow(Model):
    """A disposition of a doctor."""

    __tablename__ = "disposition"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    doctor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doctor.id"))
    kind: Mapped[str]
    order_number: Mapped[str | None]
    ordered_date: Mapped[date]
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    lifted_date: Mapped[date | None]
    remarks: Mapped[str | None]


class CorrectionRow(Model):
    """What a correction changed."""

    __tablename__ = "correction"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    doctor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("doctor.id"))
    idempotency_key: Mapped[str]
    version: Mapped[int]
    reason: Mapped[str]
    effective_date: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    family_name_before: Mapped[str | None]
    given_name_before: Mapped[str | None]
    family_name: Mapped[str | None]
    given_name: Mapped[str | None]
