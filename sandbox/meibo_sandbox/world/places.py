"""Places where nobody lives: towns that no prefecture has, under municipality codes that are given to none.

A project's choice: the third digit 9 stands for no municipality of JIS X 0402.
"""

from __future__ import annotations

from dataclasses import dataclass

from meibo.items.shared import lists
from meibo_sandbox.world.draws import Draws

TOWNS = (
    "見本市", "雛形市", "例示市", "試作市", "仮名市", "模型市", "手本市", "標本市", "写し町", "下書町",
    "原型町", "架空町", "空想町", "練習町", "予行町", "想定町", "図面村", "縮尺村", "鏡村", "影村",
)  # fmt: skip
QUARTERS = (
    "本町", "栄町", "緑が丘", "桜台", "東", "西", "南", "北", "中央", "港", "旭町", "元町", "新町", "柏木", "松ヶ枝",
    "竹の塚", "梅園", "富士見", "日の出", "泉",
)  # fmt: skip
CHOME = "一二三四五六七八九"
BUILDINGS = ("", "", "", "　見本荘{}号", "　ハイツ雛形{}号室")
REFUSING_TOWN, REFUSING_PREFECTURES = len(TOWNS) - 1, 5
"""The last town of each fifth prefecture takes no part in the network: one person in a hundred lives there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives."""

    municipality_code: str
    address: str


def place(draws: Draws) -> Place:
    """A place anywhere."""
    prefecture = draws.one_of(PREFECTURES)
    town = draws.below(len(TOWNS))
    quarter, chome = draws.one_of(QUARTERS), draws.one_of(CHOME)
    house = f"{draws.below(30) + 1}番{draws.below(20) + 1}号"
    building = draws.one_of(BUILDINGS).format(draws.below(9) + 101)
    address = f"{PREFECTURE_NAMES[prefecture]}{TOWNS[town]}{quarter}{chome}丁目{house}{building}"
    return Place(municipality_code(prefecture, town), address)


def municipality_code(prefecture: str, town: int) -> str:
    """The code of a prefecture's town, counted from 0 as in TOWNS."""
    return f"{prefecture}9{town + 1:02}"


def refuses(municipality_code: str) -> bool:
    """Whether a municipality takes no part in the network."""
    prefecture, town = int(municipality_code[:2]), int(municipality_code[3:])
    return municipality_code[2] == "9" and town > REFUSING_TOWN and prefecture % REFUSING_PREFECTURES == 0


PREFECTURE_NAMES = {code: texts[0] for code, texts in lists.PREFECTURE.values.items()}
PREFECTURES = tuple(PREFECTURE_NAMES)
