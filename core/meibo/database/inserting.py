"""Inserts of which one wins, however many write the same row at a time."""

from __future__ import annotations

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_new(table: Table, *unique: Column[object]) -> Insert:
    """An insert that writes nothing where a row with the same key is there, or one with the same `unique` columns.

    The words are PostgreSQL's, and SQLite takes them as they are.
    """
    return insert(table).on_conflict_do_nothing(index_elements=unique or None)
