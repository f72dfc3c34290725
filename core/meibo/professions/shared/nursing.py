"""The act that public health nurses, midwives and nurses share (保健師助産師看護師法).

New applications go through the prefecture of residence; those of correction and reissue through that of work, or
of residence for who does not work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from meibo.professions.shared.code_rows import Row, reason
from meibo.professions.shared.medical import Law

ACT = "保健師助産師看護師法"
ACT_EN = "Act on Public Health Nurses, Midwives, and Nurses"
TAX = 9_000
"""The registration tax in yen."""


def law(since: date, paragraph: int) -> Law:
    """The law of one of the three, in force since a day; `paragraph` of 7条 and 12条 is its own."""
    return Law(
        act=ACT,
        since=since,
        examined=f"7条{paragraph}項",
        roll="10条",
        entry=f"12条{paragraph}項",
        measures="14条1項",
        stop=("業務の停止", "Suspension of practice"),
        longest_stop=36,
        reeducation="15条の2",
        # From memory: a year after the doctors'.
        reeducation_since=date(2008, 4, 1),
        order="保健師助産師看護師法施行令",
        # The order's articles are from memory, but for 5条.
        application="1条の3",
        facts="2条",
        correction="3条",
        striking_off="5条",
        rewriting="6条",
        reissue="7条",
        numbers=("17", "29", "57の4"),
    )


def reasons() -> Iterator[Row]:
    """The reasons of measures."""
    yield reason("07", "721", f"罰金以上の刑（{ACT}9条1号）", "刑")
    yield reason("07", "722", f"業務に関する犯罪又は不正（{ACT}9条2号）", "不正")
    yield reason("07", "723", f"品位を損する行為（{ACT}14条1項）", "品位")
