"""A value for an item of a synthetic holder: by what the item is called, else by its kind."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from meibo.demo.codes import Codes
from meibo.demo.persons import LAST_DAY
from meibo.items.declaration import Item
from meibo.professions.persons import SyntheticPerson

FACTS = (
    "family_name",
    "family_name_kana",
    "given_name",
    "given_name_kana",
    "common_family_name",
    "common_family_name_kana",
    "common_given_name",
    "common_given_name_kana",
    "former_family_name",
    "former_family_name_kana",
    "birth_date",
    "domicile_code",
    "address",
    "email_address",
)
"""The items that say what a person is asked for; an absent fact leaves the item empty."""
CALLED = {"sex": "sex_code", "domicile": "domicile_code", "forwarding_prefecture_code": "prefecture_code"}
"""Other names of facts."""
DAYS = (
    ("birth", "born"),
    ("graduat", "graduated_date"),
    ("exam", "passed_date"),
    ("pass", "passed_date"),
    ("receipt", "received_date"),
    ("received", "received_date"),
    ("application", "received_date"),
    ("registration", "licensed_date"),
    ("registered", "licensed_date"),
)
"""What a day is, by a word in its name; all others come one to ten years after the registration."""


class Values:
    """Draws the values of one holder."""

    def __init__(self, person: SyntheticPerson, number: int, codes: Codes, random: Random) -> None:
        self.person, self.number, self.codes, self.random = person, number, codes, random

    def of(self, item: Item, fact: str = "") -> str:
        """A value as an import file holds it; `fact` says which fact it is, whatever it is called. "" for none."""
        fact = fact or CALLED.get(item.name, item.name)
        if fact in (*FACTS, *CALLED.values()):
            text = str(getattr(self.person, fact))
            if item.kind.name in ("date", "era_date") and text:
                return self.person.born.isoformat()
            if not item.codes or self.codes.has(item.codes, text):
                return text
        draw = getattr(self, f"_{item.kind.name}", None)
        return str(draw(item)) if draw else ""

    def _text(self, item: Item) -> str:
        name = item.name
        if name.endswith(("_number", "_no", "_id")):
            return f"{self.number:0{min(6, item.max_length or 6)}}"[-(item.max_length or 32) :]
        if name.endswith("address"):
            return self.person.address
        return f"見本{item.label}"[: item.max_length or 200]

    def _kana(self, _item: Item) -> str:
        return "ミホン"

    def _integer(self, item: Item) -> int:
        if "year" in item.name:
            return self.person.passed_date.year if item.max_length != 2 else self.random.randint(1, 9)
        if item.name.endswith(("_number", "_no", "_id")):
            return self.person.index % int(10 ** (item.max_length or 9))
        return self.random.randint(1, 9)

    def _date(self, item: Item) -> date:
        for word, day in DAYS:
            if word in item.name:
                found: date = getattr(self.person, day)
                return found
        licensed = self.person.licensed_date
        return min(licensed + timedelta(days=self.random.randint(365, 3650)), LAST_DAY)

    _era_date = _partial_date = _date

    def _year_month(self, item: Item) -> str:
        return f"{self._date(item):%Y-%m}"

    _era_month = _year_month

    def _datetime(self, item: Item) -> str:
        return f"{self._date(item)}T09:00:00+09:00"

    def _code(self, item: Item) -> str:
        return self.codes.draw(item.codes, self.person.licensed_date, self.random) or (
            "1" if item.required else ""
        )

    def _codes(self, item: Item) -> str:
        drawn = (self._code(item) for _ in range(self.random.choice((1, 1, 2))))
        return ";".join(sorted({code for code in drawn if code}))

    def _flag(self, _item: Item) -> str:
        return self.random.choice("01")

    def _phone(self, _item: Item) -> str:
        return self.person.phone_number

    def _email(self, _item: Item) -> str:
        return self.person.email_address

    def _postal_code(self, _item: Item) -> str:
        return "0000000"
