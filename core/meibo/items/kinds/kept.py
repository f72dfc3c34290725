"""What lies elsewhere, and of which an item holds a reference at most: documents, pseudonyms, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NewType

from meibo.errors import InvalidValue
from meibo.items.files import File
from meibo.items.kinds.base import Kind
from meibo.values.numbers import IndividualNumber, InstitutionCode, ResidentCode

if TYPE_CHECKING:
    from meibo.items.declaration import Item

Pseudonym = NewType("Pseudonym", str)
"""A pseudonym that core issues; nobody sets it."""


class FileKind(Kind):
    """A reference to a stored document: its digest, name, type and size."""

    name, type, most = "file", File, None
    columnar = False

    def parse(self, raw: object, item: Item) -> File:
        return raw if isinstance(raw, File) else File.parse(raw)

    def dump(self, value: File) -> list[Any]:
        return [value.sha256, value.name, value.media_type, value.size]

    def load(self, stored: list[Any]) -> File:
        return File(*stored)


class PseudonymKind(Kind):
    """Issued by core; refused from outside."""

    name, type, most = "pseudonym", Pseudonym, None

    def parse(self, raw: object, item: Item) -> Any:
        raise InvalidValue(
            "pseudonym.issued", "システムが発行する項目です。", "The system issues this itself: leave it out."
        )


class NumberKind(Kind):
    """Taken out at the edge: it has no place in a register."""

    most: int | None = None

    def parse(self, raw: object, item: Item) -> Any:
        raise InvalidValue(
            "number.vault",
            "番号は専用の項目で登録してください。",
            "Numbers go to the vault: use the verb for numbers.",
        )


class IndividualNumberKind(NumberKind):
    """個人番号, 12 digits."""

    name, type, most = "individual_number", IndividualNumber, 12


class ResidentCodeKind(NumberKind):
    """住民票コード, 11 digits."""

    name, type, most = "resident_code", ResidentCode, 11


class InstitutionCodeKind(NumberKind):
    """機関別符号."""

    name, type = "institution_code", InstitutionCode
