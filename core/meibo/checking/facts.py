"""The two sides of a check: what the register holds of a holder, and what was told. None of them prints itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from meibo.checking.outcomes import Key, Life, Number


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """What the register holds: texts as they stand there, dates as EDTF; empty where it holds nothing."""

    family_name: str = ""
    given_name: str = ""
    family_name_kana: str = ""
    given_name_kana: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""

    @property
    def name(self) -> str:
        """The whole name, as registries print it."""
        return "　".join(filter(None, (self.family_name, self.given_name)))

    @property
    def kana(self) -> str:
        """The whole name's reading."""
        return "　".join(filter(None, (self.family_name_kana, self.given_name_kana)))


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """One person as a registry tells of it: empty where it says nothing. `former_surname` is a 旧氏; a character that
    the registry's encoding lacks stands as 〓."""

    name: str = ""
    kana: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    former_surname: str = ""
    life: Life = Life.LIVING
    death_date: str = ""
    number: Number = Number.NOT_TOLD


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """What came back about one holder: whoever was found, by what."""

    key: Key
    records: tuple[Told, ...] = field(default=())
    non_participating: bool = False
