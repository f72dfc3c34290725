"""Synthetic persons: what any profession needs to know of one. Everything follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.jp import in_

from meibo.demo import names
from meibo.demo.names import Pools
from meibo.items.shared import lists

FIRST_DAY = date(1966, 4, 1)
LAST_DAY = date(2024, 11, 29)
"""People are licensed between these days, and nothing happens to them later."""
RARE_EVERY, FOREIGN_EVERY, PARTIAL_EVERY = 20, 50, 75
"""One in so many has a rare name, is a foreign national, or has a birth date known in part."""
PREFECTURES = tuple(lists.PREFECTURE.values)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person in any profession; absent names are empty."""

    index: int
    family_name: str
    family_name_kana: str
    given_name: str
    given_name_kana: str
    common_family_name: str
    common_family_name_kana: str
    common_given_name: str
    common_given_name_kana: str
    former_family_name: str
    former_family_name_kana: str
    birth_date: str
    sex_code: str
    domicile_code: str
    prefecture_code: str
    address: str
    phone_number: str
    email_address: str
    licensed_date: date
    individual_number: str

    @property
    def foreign(self) -> bool:
        """Whether the domicile is a country."""
        return self.domicile_code not in PREFECTURES


def persons(count: int, seed: int, *, first: int = 1) -> Iterator[Person]:
    """Persons number `first` and following, in the order of the days on which they are licensed.

    Two professions that must not share people take different ranges of numbers.
    """
    pools = names.pools(seed)
    days = (LAST_DAY - FIRST_DAY).days
    for place in range(count):
        yield person(first + place, FIRST_DAY + timedelta(days=days * place // count), pools, seed)


def person(index: int, licensed: date, pools: Pools, seed: int) -> Person:
    """One person, aged 24 to 33 when licensed; the number alone decides who is foreign or has a rare name."""
    rng = chance(seed, "person", index)
    foreign = index % FOREIGN_EVERY == 0
    sex = rng.choice("12")
    prefecture = rng.choice(PREFECTURES)
    birth = licensed - timedelta(days=rng.randint(24 * 366, 33 * 365))
    return Person(
        index=index,
        **(foreign_name(index, pools, rng) if foreign else name(index, sex, pools, rng)),
        birth_date=f"{birth:%Y-%m}-XX" if index % PARTIAL_EVERY == 0 else birth.isoformat(),
        sex_code=sex,
        prefecture_code=prefecture,
        address=names.address(rng, lists.PREFECTURE.values[prefecture][0], pools.places),
        phone_number=names.phone(index),
        email_address=f"holder{index:07}@example.jp",
        licensed_date=licensed,
        individual_number=individual_number(index),
    )


def name(index: int, sex: str, pools: Pools, rng: random.Random) -> Mapping[str, str]:
    """The name and domicile of a Japanese national; some have a former family name."""
    rare = index % RARE_EVERY == 0
    drawn = rng.choice(pools.family)
    family = names.RARE_FAMILY_NAMES[index // RARE_EVERY % len(names.RARE_FAMILY_NAMES)] if rare else drawn
    given = rng.choice(pools.male if sex == "1" else pools.female)
    former = rng.choice(pools.family) if rng.random() < (0.03 if sex == "1" else 0.3) else ("", "")
    return _names(family, given, former=former, domicile_code=rng.choice(PREFECTURES))


def foreign_name(index: int, pools: Pools, rng: random.Random) -> Mapping[str, str]:
    """The name and nationality of a foreign national; every other one has a common name."""
    turn = index // FOREIGN_EVERY
    family, family_kana, given, given_kana, country = names.FOREIGN_NAMES[turn % len(names.FOREIGN_NAMES)]
    common = (rng.choice(pools.family), rng.choice(pools.male + pools.female))
    return _names(
        (family, family_kana),
        (given, given_kana),
        common=common if turn % 2 else (("", ""), ("", "")),
        domicile_code=country,
    )


def individual_number(index: int) -> str:
    """A number of obvious pattern, 9999 and a running index, with its check digit."""
    body = f"9999{index:07}"
    return body + str(in_.calc_check_digit(body))


def chance(seed: int, *of: object) -> random.Random:
    """A source of chance of its own for each subject, so that adding one changes no other."""
    return random.Random(f"{seed}/{of}")  # noqa: S311 - synthetic data wants repeatable chance


def _names(
    family: names.Pair,
    given: names.Pair,
    *,
    domicile_code: str,
    former: names.Pair = ("", ""),
    common: tuple[names.Pair, names.Pair] = (("", ""), ("", "")),
) -> Mapping[str, str]:
    return {
        "family_name": family[0],
        "family_name_kana": family[1],
        "given_name": given[0],
        "given_name_kana": given[1],
        "common_family_name": common[0][0],
        "common_family_name_kana": common[0][1],
        "common_given_name": common[1][0],
        "common_given_name_kana": common[1][1],
        "former_family_name": former[0],
        "former_family_name_kana": former[1],
        "domicile_code": domicile_code,
    }
