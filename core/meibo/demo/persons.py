"""Synthetic persons: what any profession needs to know of one. Everything follows from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from zlib import crc32

from stdnum.jp import in_

from meibo.demo import names
from meibo.demo.names import Pools
from meibo.items.shared import lists
from meibo.professions.persons import SyntheticPerson

FIRST_DAY = date(1966, 4, 1)
LAST_DAY = date(2024, 11, 29)
"""People are licensed between these days, and nothing happens to them later."""
RARE_EVERY, FOREIGN_EVERY, PARTIAL_EVERY = 20, 50, 75
"""One in so many has a rare name, is a foreign national, or has a birth date known in part."""
PREFECTURES = tuple(lists.PREFECTURE.values)


def persons(
    count: int, seed: int, *, of: str, since: date = FIRST_DAY, first: int = 1
) -> Iterator[SyntheticPerson]:
    """The holders number `first` and following of a profession, in the order of the days on which they are licensed.

    Nobody is licensed before `since`. The people of two professions are others.
    """
    pools = names.pools(seed)
    start = max(since, FIRST_DAY)
    days = (LAST_DAY - start).days
    for place in range(count):
        yield person(first + place, start + timedelta(days=days * place // count), pools, seed, of=of)


def person(index: int, licensed: date, pools: Pools, seed: int, *, of: str) -> SyntheticPerson:
    """One person, aged 24 to 33 when licensed; the number alone decides who is foreign or has a rare name."""
    rng = chance(seed, of, "person", index)
    foreign = index % FOREIGN_EVERY == 0
    sex = rng.choice("12")
    prefecture = rng.choice(PREFECTURES)
    born = licensed - timedelta(days=rng.randint(24 * 366, 33 * 365))
    number = _first_number(of) + index
    passed = _passed(licensed)
    return SyntheticPerson(
        index=index,
        **(foreign_name(index, pools, rng) if foreign else name(index, sex, pools, rng)),
        birth_date=f"{born:%Y-%m}-XX" if index % PARTIAL_EVERY == 0 else born.isoformat(),
        sex_code=sex,
        prefecture_code=prefecture,
        address=names.address(rng, lists.PREFECTURE.values[prefecture][0], pools.places),
        phone_number=names.phone(number),
        email_address=f"holder{number:07}@example.jp",
        individual_number=individual_number(number),
        born=born,
        graduated_date=passed - timedelta(days=rng.randint(3, 14)),
        passed_date=passed,
        received_date=max(passed, licensed - timedelta(days=rng.randint(14, 40))),
        licensed_date=licensed,
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


def _passed(licensed: date) -> date:
    """The day on which the examination's pass was made known: in March, before the licence."""
    passed = date(licensed.year, 3, 17)
    return passed if passed < licensed else passed.replace(year=licensed.year - 1)


def _first_number(profession: str) -> int:
    """Where the individual numbers of a profession's people begin: far from those of other professions."""
    return crc32(profession.encode()) % 900 * 10_000


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
