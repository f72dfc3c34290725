"""Synthetic pharmacists: sound by every rule, and the same in exam, application and register."""

from __future__ import annotations

from meibo.demo.holders import holder_rows
from meibo.host import load_host

ROWS = list(holder_rows(load_host(only={"pharmacist"}), "pharmacist", 60))
"""`holder_rows` raises where a rule finds something that cannot be left out."""


def test_numbers_are_unlike_one_another() -> None:
    for name in ("registration_id", "registration_number"):
        assert len({row[f"register.{name}"] for row in ROWS}) == 60


def test_the_examination_is_told_alike() -> None:
    named = ("exam_number", "national_exam_round", "national_exam_year", "pass_certificate_number")
    for row in ROWS:
        assert [row[f"exam.{name}"] for name in named] == [row[f"register.{name}"] for name in named]
        assert row["exam.exam_number"] != ""
