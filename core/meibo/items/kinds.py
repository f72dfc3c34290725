"""What an item can be. A kind reads values that come in, stores them, and brings them back.

`parse` takes what the API or a file hands in (text, number, boolean, list) and raises InvalidValue for anything
else; `dump` and `load` carry a value into a sealed blob (JSON) and back; `column` is its type where it is clear.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType

from sqlalchemy import Boolean, Date, Integer, String
from sqlalchemy.types import TypeEngine

from meibo.database.types import Instant
from meibo.errors import InvalidValue
from meibo.items.files import File
from meibo.values import contacts, dates, eras, names
from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate
from meibo.values.numbers import IndividualNumber, InstitutionCode, ResidentCode

if TYPE_CHECKING:
    from meibo.items.declaration import Item

Code = NewType("Code", str)
"""An office code; its label is data."""
Kana = NewType("Kana", str)
"""A reading in kana, as given."""
Era = NewType("Era", str)
"""The era half of a date that the office keeps as a pair."""
Phone = NewType("Phone", str)
Email = NewType("Email", str)
PostalCode = NewType("PostalCode", str)
Pseudonym = NewType("Pseudonym", str)
"""A pseudonym that core issues; nobody sets it."""

ISO = re.compile(r"[0-9]{4}-")
CODE = re.compile(r"[0-9A-Za-z._-]{1,32}\Z")
DEFAULT_LENGTH = 200
CODE_LENGTH = 32
DIGITS = 10
LARGEST_INTEGER = 2**31 - 1


class Storage(StrEnum):
    """Where a value lies: clear is the exception that a declaration justifies; numbers lie in the vault alone."""

    CLEAR = "clear"
    SEALED = "sealed"
    VAULT = "vault"
    DERIVED = "derived"


class Kind:
    """Text, and what all kinds share."""

    name = "text"
    type: Any = str
    columnar = True
    """Whether a column can hold a value, so that an item may be clear."""
    verbatim = False
    """Whether a value says more than its column: the whole then lies in the sealed blob too."""
    most: int | None = DEFAULT_LENGTH
    """Characters of a value whose item sets no limit of its own; None where the form of a value bounds it."""

    def longest(self, item: Item) -> int | None:
        """Characters (of an integer: digits) that a value of the item may have; None where its form bounds it."""
        return self.most and (item.max_length or self.most)

    def parse(self, raw: object, item: Item) -> Any:
        """The value; raises InvalidValue, which never repeats it."""
        text = as_text(raw)
        names.validate_text(text, item.max_length or DEFAULT_LENGTH, multiline=item.multiline)
        return text

    def dump(self, value: Any) -> Any:
        """A JSON value."""
        return value

    def load(self, stored: Any) -> Any:
        """The value from its JSON."""
        return stored

    def column(self, item: Item) -> TypeEngine[Any]:
        """The column's type where the item is clear."""
        return String(item.max_length or DEFAULT_LENGTH)

    def in_column(self, value: Any) -> Any:
        """What the column holds of a value, or of none."""
        return value


class KanaKind(Kind):
    """A reading; kept as given."""

    name, type = "kana", Kana

    def parse(self, raw: object, item: Item) -> Kana:
        return Kana(names.validate_kana(as_text(raw), item.max_length or DEFAULT_LENGTH))


class IntegerKind(Kind):
    """A whole number from 0 up, of at most `max_length` digits."""

    name, type, most = "integer", int, DIGITS

    def parse(self, raw: object, item: Item) -> int:
        if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,10}", raw):
            raw = int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= LARGEST_INTEGER:
            raise InvalidValue(
                "integer.form", "0以上の整数で入力してください。", "Give a whole number of 0 or more."
            )
        if item.max_length and len(str(raw)) > item.max_length:
            raise too_long(item.max_length)
        return raw

    def column(self, item: Item) -> TypeEngine[Any]:
        return Integer()


class DayKind(Kind):
    """A whole day, ISO 8601."""

    name, type, most = "date", date, None

    def parse(self, raw: object, item: Item) -> date:
        return _day(raw)

    def dump(self, value: date) -> str:
        return value.isoformat()

    def load(self, stored: str) -> date:
        return date.fromisoformat(stored)

    def column(self, item: Item) -> TypeEngine[Any]:
        return Date()


class PartialDateKind(Kind):
    """A day that may be known in part, EDTF."""

    name, type, most = "partial_date", PartialDate, None
    columnar = False

    def parse(self, raw: object, item: Item) -> PartialDate:
        return raw if isinstance(raw, PartialDate) else PartialDate(as_text(raw))

    def dump(self, value: PartialDate) -> list[str | None]:
        return [value.value, value.verbatim]

    def load(self, stored: list[Any]) -> PartialDate:
        return PartialDate(stored[0], stored[1])


class YearMonthKind(Kind):
    """A month, `YYYY-MM`."""

    name, type, most = "year_month", YearMonth, None
    columnar = False

    def parse(self, raw: object, item: Item) -> YearMonth:
        return raw if isinstance(raw, YearMonth) else YearMonth(as_text(raw))

    def dump(self, value: YearMonth) -> str:
        return value.value

    def load(self, stored: str) -> YearMonth:
        return YearMonth(stored)


class InstantKind(Kind):
    """An instant, RFC 3339, kept in UTC."""

    name, type, most = "datetime", datetime, None

    def parse(self, raw: object, item: Item) -> datetime:
        return raw if isinstance(raw, datetime) else dates.parse_instant(as_text(raw))

    def dump(self, value: datetime) -> str:
        return value.isoformat()

    def load(self, stored: str) -> datetime:
        return datetime.fromisoformat(stored)

    def column(self, item: Item) -> TypeEngine[Any]:
        return Instant()


class EraKind(Kind):
    """The era half of a pair, as handed in."""

    name, type, most = "era", Era, eras.MAX_PAIR_LENGTH

    def parse(self, raw: object, item: Item) -> Era:
        eras.parse_era(as_text(raw))
        return Era(as_text(raw))


class PairKind(Kind):
    """A date as the office keeps it: a verbatim pair of an era, which is an item of its own, and a text."""

    verbatim = True
    most = eras.MAX_PAIR_LENGTH

    def of_pair(self, era: str, text: str) -> Any:
        """The value of a pair; its text may be ISO, in an era that has that day. Raises InvalidValue."""
        return self.type(era, text)

    def dump(self, value: Any) -> list[str]:
        return [value.era_text, value.date_text]

    def load(self, stored: list[str]) -> Any:
        return self.type(*stored)


class EraDateKind(PairKind):
    """A day kept as a pair of era and date. Where it is clear, a column holds the day."""

    name, type = "era_date", EraDate

    def parse(self, raw: object, item: Item) -> EraDate:
        if isinstance(raw, EraDate):
            return raw
        return EraDate.of(_day(raw))

    def of_pair(self, era: str, text: str) -> EraDate:
        if not ISO.match(text):
            return EraDate(era, text)
        day, named = dates.parse_date(text), eras.parse_era(era)
        year = named.year_of(day.year)
        eras.era_day(named, year, day.month, day.day)  # Refuses a day of another era.
        return EraDate(era, f"{year:02}{day.month:02}{day.day:02}")

    def column(self, item: Item) -> TypeEngine[Any]:
        return Date()

    def in_column(self, value: EraDate | None) -> date | None:
        return value.day if value else None


class EraMonthKind(PairKind):
    """A month kept as a pair of era and month."""

    name, type = "era_month", EraMonth
    columnar = False

    def parse(self, raw: object, item: Item) -> EraMonth:
        return raw if isinstance(raw, EraMonth) else EraMonth.of(YearMonth(as_text(raw)))

    def of_pair(self, era: str, text: str) -> EraMonth:
        if not ISO.match(text):
            return EraMonth(era, text)
        month = YearMonth(text).value
        year = eras.parse_era(era).year_of(int(month[:4]))
        if not 1 <= year <= eras.LAST_PAIR_YEAR:
            raise eras.outside_era()
        return EraMonth(era, f"{year:02}{month[5:]}")


class CodeKind(Kind):
    """An office code: a string in, `Code` out."""

    name = "code"
    type: Any = Code
    most = CODE_LENGTH

    def parse(self, raw: object, item: Item) -> Code:
        text = as_text(raw)
        if not CODE.match(text) or len(text) > (item.max_length or CODE_LENGTH):
            raise InvalidValue(
                "code.form",
                "コードの形式が正しくありません。",
                "Give a code of letters and digits from its list.",
            )
        return Code(text)


class CodesKind(CodeKind):
    """A list of codes, in the order given, without repeats; in a file parted by `;`."""

    name, type = "codes", tuple[Code, ...]
    columnar = False

    def longest(self, item: Item) -> int:
        """Characters of each code."""
        return CODE_LENGTH

    def parse(self, raw: object, item: Item) -> tuple[Code, ...]:  # type: ignore[override]
        parts = [p for p in raw.split(";") if p] if isinstance(raw, str) else raw
        if not isinstance(parts, list | tuple):
            raise InvalidValue("codes.form", "コードの一覧で入力してください。", "Give a list of codes.")
        if len(parts) > 100:
            raise too_long(100)
        single = replace(item, max_length=None)
        return tuple(dict.fromkeys(super(CodesKind, self).parse(part, single) for part in parts))

    def dump(self, value: tuple[Code, ...]) -> list[str]:
        return list(value)

    def load(self, stored: list[str]) -> tuple[Code, ...]:
        return tuple(Code(s) for s in stored)


class FlagKind(Kind):
    """Yes or no; in a file `1`/`0` or `true`/`false`."""

    name, type, most = "flag", bool, None

    def parse(self, raw: object, item: Item) -> bool:
        known = {True: True, False: False, "1": True, "0": False, "true": True, "false": False}
        if not isinstance(raw, bool | str) or raw not in known:
            raise InvalidValue(
                "flag.form",
                "1（はい）か0（いいえ）で入力してください。",
                "Give true or false (1 or 0 in a file).",
            )
        return known[raw]

    def column(self, item: Item) -> TypeEngine[Any]:
        return Boolean()


class PhoneKind(Kind):
    """A telephone number, as given."""

    name, type, most = "phone", Phone, contacts.MAX_PHONE_LENGTH

    def parse(self, raw: object, item: Item) -> Phone:
        return Phone(contacts.validate_phone(as_text(raw)))


class EmailKind(Kind):
    """A mail address, as given."""

    name, type, most = "email", Email, contacts.MAX_EMAIL_LENGTH

    def parse(self, raw: object, item: Item) -> Email:
        return Email(contacts.validate_email(as_text(raw)))


class PostalCodeKind(Kind):
    """Seven digits."""

    name, type, most = "postal_code", PostalCode, contacts.MAX_POSTAL_CODE_LENGTH

    def parse(self, raw: object, item: Item) -> PostalCode:
        return PostalCode(contacts.validate_postal_code(as_text(raw)))


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


def as_text(raw: object) -> str:
    """`raw` if it is text; raises InvalidValue."""
    if not isinstance(raw, str):
        raise InvalidValue("text.form", "文字列で入力してください。", "Give text.")
    return raw


def _day(raw: object) -> date:
    """A day as it is, or as ISO text; raises InvalidValue."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    return dates.parse_date(as_text(raw))


def too_long(most: int) -> InvalidValue:
    """The refusal of a value that is longer than its item allows."""
    return InvalidValue(
        "text.too_long", f"{most}文字以内で入力してください。", f"Give at most {most} characters."
    )


KINDS: tuple[Kind, ...] = (
    Kind(),
    KanaKind(),
    IntegerKind(),
    DayKind(),
    PartialDateKind(),
    YearMonthKind(),
    InstantKind(),
    EraKind(),
    EraDateKind(),
    EraMonthKind(),
    CodeKind(),
    CodesKind(),
    FlagKind(),
    PhoneKind(),
    EmailKind(),
    PostalCodeKind(),
    FileKind(),
    PseudonymKind(),
    IndividualNumberKind(),
    ResidentCodeKind(),
    InstitutionCodeKind(),
)
BY_TYPE: dict[Any, Kind] = {kind.type: kind for kind in KINDS}
