"""What the peers read: the same doctors in the clear, in plain tables with the indexes that each query wants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.doctors import CODE, Doctor
from meibo.items.shared import lists
from meibo.register.fold import dispositions_of
from meibo.register.tables import number_key
from meibo.values.dates import as_partial

TABLES = """
create table prefecture (code text primary key, name text not null);
create table doctor (
    id uuid primary key,
    pseudonym text not null unique,
    registration_number text not null,
    number_key text not null unique,
    registration_date date not null,
    state text not null,
    version integer not null,
    family_name text, given_name text, family_name_kana text, given_name_kana text,
    birth_date text, sex_code text, domicile_code text, licence_type_code text, alma_mater_code text,
    exam_number text, national_exam_round integer, national_exam_year integer,
    national_exam_pass_date date, received_date date,
    prefecture_code text references prefecture
);
create table disposition (
    id uuid primary key,
    doctor_id uuid not null references doctor,
    kind text not null, order_number text, ordered_date date not null, start_date date not null, end_date date,
    lifted_date date, remarks text
);
create table correction (
    id uuid primary key,
    doctor_id uuid not null references doctor,
    idempotency_key text not null unique,
    version integer not null,
    reason text not null, effective_date date not null, recorded_at timestamptz not null,
    family_name_before text, given_name_before text, family_name text, given_name text
);
"""
INDEXES = """
create index on doctor (prefecture_code, number_key);
create index on disposition (doctor_id, ordered_date);
create index on correction (doctor_id);
grant select on all tables in schema public to bench_peer;
grant insert, update on doctor, correction to bench_peer;
"""
COPIED = (
    "family_name", "given_name", "family_name_kana", "given_name_kana", "sex_code", "domicile_code",
    "licence_type_code", "alma_mater_code", "exam_number", "national_exam_round", "national_exam_year",
    "national_exam_pass_date", "received_date",
)  # fmt: skip
"""The items of a doctor's register group that the peers keep under the same name."""


def prefectures() -> list[dict[str, Any]]:
    """The rows of the prefectures."""
    return [{"code": code, "name": names[0]} for code, names in lists.PREFECTURE.values.items()]


def doctor_row(doctor: Doctor) -> dict[str, Any]:
    """A doctor's row."""
    register = doctor.record.groups["register"]
    values = dict(register.values())
    return {
        "id": doctor.licence,
        "pseudonym": doctor.pseudonym,
        "registration_number": doctor.number,
        "number_key": number_key(doctor.number),
        "registration_date": values["registration_date"],
        "state": str(doctor.state),
        "version": len(doctor.segments),
        "birth_date": as_partial(values["birth_date"]).value,
        "prefecture_code": values.get("forwarding_prefecture_code"),
        **{name: values.get(name) for name in COPIED},
    }


def disposition_rows(doctor: Doctor) -> Iterator[dict[str, Any]]:
    """The rows of a doctor's dispositions."""
    for each in dispositions_of(act for act in doctor.acts if act.order):
        yield {
            "id": each.id,
            "doctor_id": doctor.licence,
            "kind": each.order.code,
            "order_number": each.order.number,
            "ordered_date": each.ordered_date,
            "start_date": each.order.start_date,
            "end_date": each.order.end_date,
            "lifted_date": each.lifted_date,
            "remarks": each.order.remarks,
        }


__all__ = ["CODE", "INDEXES", "TABLES", "disposition_rows", "doctor_row", "prefectures"]
