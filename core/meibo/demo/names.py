"""Names and places to draw from: Faker's Japanese lists, and characters that trouble registers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

Pair = tuple[str, str]
"""A name and its kana."""

DRAWS = 400
"""How often each list is drawn from; Faker is slow, so it is asked once."""
RARE_FAMILY_NAMES: tuple[Pair, ...] = (
    ("髙橋", "タカハシ"),
    ("山﨑", "ヤマザキ"),
    ("渡邉", "ワタナベ"),
    ("齋藤", "サイトウ"),
    ("濵田", "ハマダ"),
    ("𠮷田", "ヨシダ"),
    ("\u8fbb\U000e0100", "ツジ"),
    ("\u845b\U000e0100城", "カツラギ"),
    ("\ufa19谷", "カミヤ"),
    ("\ufa1b島", "フクシマ"),
    ("田中", "ﾀﾅｶ"),
    ("権田原", "ゴンダワラ"),
)
"""Variants (髙, 﨑), a character beyond the basic plane, variation selectors, compatibility ideographs and
half-width kana: what normalising would spoil."""
FOREIGN_NAMES: tuple[tuple[str, str, str, str, str], ...] = (
    ("NGUYEN", "グエン", "VAN ANH", "ヴァンアイン", "704"),
    ("KIM", "キム", "MIN-SU", "ミンス", "410"),
    ("WANG", "ワン", "LI", "リー", "156"),
    ("SMITH", "スミス", "ALEX MORGAN", "アレックス モーガン", "840"),
    ("SARI", "サリ", "", "", "360"),
    ("MÜLLER", "ミュラー", "JONA", "ヨナ", "276"),
    ("THIDA", "ティダ", "", "", "104"),
    ("SANTOS", "サントス", "ANGEL", "アンヘル", "608"),
)
"""Family name, its kana, given name, its kana (none where a person bears one name), country (ISO 3166-1)."""


@dataclass(frozen=True, slots=True)
class Pools:
    """What persons are drawn from."""

    family: tuple[Pair, ...]
    male: tuple[Pair, ...]
    female: tuple[Pair, ...]
    places: tuple[str, ...]


@cache
def pools(seed: int) -> Pools:
    """The lists for a seed; needs the extra `demo` (Faker)."""
    from faker import Faker

    fake = Faker("ja_JP")
    fake.seed_instance(seed)

    def drawn(pair: Callable[[], tuple[str, str, str]]) -> tuple[Pair, ...]:
        return tuple((kanji, kana) for kanji, kana, _ in (pair() for _ in range(DRAWS)))

    return Pools(
        family=drawn(fake.last_name_pair),
        male=drawn(fake.first_name_male_pair),
        female=drawn(fake.first_name_female_pair),
        places=tuple(f"見本市{fake.town()}" for _ in range(DRAWS)),
    )


def address(rng: random.Random, prefecture: str, places: tuple[str, ...]) -> str:
    """An address in a town that no prefecture has."""
    return f"{prefecture}{rng.choice(places)}{rng.randint(1, 9)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}"


def phone(number: int) -> str:
    """A telephone number that nobody has: no subscriber's number in Japan follows 000."""
    return f"000-{number // 10_000 % 10_000:04}-{number % 10_000:04}"
