"""Short words of a known form, whole numbers, yes or no."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NewType

from sqlalchemy import Boolean, Integer
from sqlalchemy.types import TypeEngine

from meibo.errors import InvalidValue
from meibo.items.kinds.base import DEFAULT_LENGTH, Kind, as_text, too_long
from meibo.values import contacts, names

if TYPE_CHECKING:
    from meibo.items.declaration import Item

Kana = NewType("Kana", str)
"""A reading in kana, as given."""
Phone = NewType("Phone", str)
Email = NewType("Email", str)
PostalCode = NewType("PostalCode", str)

DIGITS = 10
LARGEST_INTEGER = 2**31 - 1


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
