"""One synthetic person, as every stand-in knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meibo_sandbox.world import places


class Kin(StrEnum):
    """Who the person beside is: people come in pairs."""

    NAMESAKE = "namesake"
    """Somebody else of the same name and birthday, at another address."""
    NOBODY = "nobody"
    SPOUSE = "spouse"
    TWIN = "twin"
    """Of the same family name, birthday and address."""


class Sex(StrEnum):
    """性別, as the resident record has it."""

    MALE = "1"
    FEMALE = "2"


@dataclass(frozen=True, slots=True)
class Gaiji:
    """A character (外字) for which the text of an item holds 〓, at a position from 0: its name in 文字情報基盤."""

    item: str
    position: int
    name: str

    def __str__(self) -> str:
        return f"{self.item}:{self.position}:{self.name}"


@dataclass(frozen=True, slots=True)
class Person:
    """One person. Texts are empty where there is nothing to say; former numbers stand oldest first, and the code of a
    municipality has 5 digits."""

    index: int
    family_name: str
    given_name: str
    family_name_kana: str
    given_name_kana: str
    sex: Sex
    birth_date: date
    municipality_code: str
    address: str
    individual_number: str
    resident_code: str
    former_family_name: str = ""
    kin: Kin = Kin.NOBODY
    kin_index: int | None = None
    gaiji: tuple[Gaiji, ...] = ()
    former_numbers: tuple[str, ...] = ()
    died_date: date | None = None
    left_date: date | None = None

    @property
    def name(self) -> str:
        """The whole name, as registries print it."""
        return f"{self.family_name}　{self.given_name}".strip("　")

    @property
    def kana(self) -> str:
        """The reading of the whole name."""
        return f"{self.family_name_kana}　{self.given_name_kana}".strip("　")

    @property
    def lives_here(self) -> bool:
        """Whether the resident record still counts the person: neither dead nor gone abroad."""
        return self.died_date is None and self.left_date is None

    @property
    def refuses(self) -> bool:
        """Whether the municipality takes no part in the network."""
        return places.refuses(self.municipality_code)
