"""What replies come to: a table of cases, and the one thing that must never happen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meibo.checking.classifying import judge
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Item, Key, Life, Number, Outcome

HELD = Held(
    family_name="高崎",
    given_name="花子",
    family_name_kana="タカサキ",
    given_name_kana="ハナコ",
    birth_date="1990-01-15",
    sex="2",
    address="東京都千代田区霞が関1-2-2",
)
TOLD = Told(
    name="高崎　花子",
    kana="たかさき　はなこ",
    birth_date="1990-01-15",
    sex="2",
    address="東京都千代田区霞が関一丁目2番2号",
    number=Number.SAME,
)
TWIN = replace(TOLD, name="高崎　月子", kana="たかさき　つきこ")
SAME_NAME = replace(TOLD, address="大阪府大阪市北区梅田2-1")
MARRIED = replace(TOLD, name="見本　花子", kana="みほん　はなこ", former_surname="高崎")
DIED = replace(TOLD, life=Life.DEAD, death_date="2026-03-XX")
BY_NUMBER: dict[str, tuple[Held, Told, Outcome, set[Item]]] = {
    "nothing new": (HELD, TOLD, Outcome.UNCHANGED, set()),
    "a variant": (HELD, replace(TOLD, name="髙﨑　花子"), Outcome.UNCHANGED, set()),
    "another spacing": (HELD, replace(TOLD, name="高崎 花子"), Outcome.UNCHANGED, set()),
    "a variation selector": (HELD, replace(TOLD, name="高崎\U000e0101　花子"), Outcome.UNCHANGED, set()),
    "a lacking character": (HELD, replace(TOLD, name="高〓　花子"), Outcome.UNCHANGED, set()),
    "a private character": (replace(HELD, family_name="\ue123崎"), TOLD, Outcome.UNCHANGED, set()),
    "a lacking character, read otherwise": (
        HELD, replace(TOLD, name="高〓　花子", kana="たかはし　はなこ"), Outcome.AMBIGUOUS, {Item.KANA},
    ),
    "a lacking character, not read": (HELD, replace(TOLD, name="高〓　花子", kana=""), Outcome.AMBIGUOUS, set()),
    "small and large kana": (
        replace(HELD, given_name_kana="キヨウコ"), replace(TOLD, kana="たかさき　きょうこ"), Outcome.UNCHANGED, set(),
    ),
    "another reading": (HELD, replace(TOLD, kana="こうざき　はなこ"), Outcome.RENAMED, {Item.KANA}),
    "married": (HELD, MARRIED, Outcome.RENAMED, {Item.NAME, Item.KANA}),
    "given name written anew": (HELD, replace(TOLD, name="高崎　華子"), Outcome.RENAMED, {Item.NAME}),
    "moved": (HELD, SAME_NAME, Outcome.MOVED, {Item.ADDRESS}),
    "married and moved": (
        HELD, replace(MARRIED, address="大阪府大阪市北区梅田2-1"), Outcome.RENAMED,
        {Item.NAME, Item.KANA, Item.ADDRESS},
    ),
    "dead": (HELD, DIED, Outcome.DEAD, {Item.LIFE}),
    "married, moved and dead": (
        HELD, replace(MARRIED, address="大阪府", life=Life.DEAD), Outcome.DEAD,
        {Item.NAME, Item.KANA, Item.ADDRESS, Item.LIFE},
    ),
    "new number": (HELD, replace(TOLD, number=Number.CHANGED), Outcome.NUMBER_CHANGED, {Item.NUMBER}),
    "new number and married": (
        HELD, replace(MARRIED, number=Number.CHANGED), Outcome.NUMBER_CHANGED, {Item.NAME, Item.KANA, Item.NUMBER},
    ),
    "gone abroad": (HELD, replace(TOLD, life=Life.REMOVED), Outcome.NO_MATCH, {Item.LIFE}),
    "a twin": (HELD, TWIN, Outcome.AMBIGUOUS, {Item.NAME, Item.KANA}),
    "a dead twin": (HELD, replace(TWIN, life=Life.DEAD), Outcome.AMBIGUOUS, {Item.NAME, Item.KANA}),
    "a twin's new number": (
        HELD, replace(TWIN, number=Number.CHANGED), Outcome.AMBIGUOUS, {Item.NAME, Item.KANA},
    ),
    "another's birthday": (HELD, replace(DIED, birth_date="1990-01-16"), Outcome.AMBIGUOUS, {Item.BIRTH_DATE}),
    "a birthday in part": (HELD, replace(DIED, birth_date="1990-XX-XX"), Outcome.DEAD, {Item.LIFE}),
    "no day of birth known": (replace(HELD, birth_date="XXXX-XX-XX"), TOLD, Outcome.UNCHANGED, set()),
    "another sex": (HELD, replace(DIED, sex="1"), Outcome.AMBIGUOUS, {Item.SEX}),
    "one name alone": (
        Held(family_name="MIHON TARO", birth_date="1990-01-15"), Told(name="MIHON HANA", birth_date="1990-01-15"),
        Outcome.AMBIGUOUS, {Item.NAME},
    ),
    "the register has no address": (replace(HELD, address=""), TOLD, Outcome.UNCHANGED, set()),
    "a family register tells no name": (
        HELD, Told(life=Life.DEAD, death_date="2026-03-01"), Outcome.DEAD, {Item.LIFE},
    ),
}  # fmt: skip
BY_FACTS: dict[str, tuple[Held, Told, Outcome, set[Item]]] = {
    "all facts": (HELD, TOLD, Outcome.UNCHANGED, set()),
    "all facts, dead": (HELD, DIED, Outcome.DEAD, {Item.LIFE}),
    "all facts, new number": (
        HELD,
        replace(TOLD, number=Number.CHANGED),
        Outcome.NUMBER_CHANGED,
        {Item.NUMBER},
    ),
    "another address": (HELD, SAME_NAME, Outcome.AMBIGUOUS, {Item.ADDRESS}),
    "another address, dead": (HELD, replace(SAME_NAME, life=Life.DEAD), Outcome.AMBIGUOUS, {Item.ADDRESS}),
    "married": (HELD, MARRIED, Outcome.AMBIGUOUS, {Item.NAME, Item.KANA}),
    "no address told": (HELD, replace(DIED, address=""), Outcome.AMBIGUOUS, set()),
    "no day of birth told": (HELD, replace(DIED, birth_date=""), Outcome.AMBIGUOUS, set()),
    "no address held": (replace(HELD, address=""), TOLD, Outcome.UNCHANGED, set()),
    "no address held, dead": (replace(HELD, address=""), DIED, Outcome.AMBIGUOUS, set()),
}


@pytest.mark.parametrize(("held", "told", "outcome", "differing"), BY_NUMBER.values(), ids=BY_NUMBER)
def test_who_is_found_by_number(held: Held, told: Told, outcome: Outcome, differing: set[Item]) -> None:
    judged = judge(held, Reply(Key.NUMBER, (told,)))
    assert (judged.outcome, set(judged.differing), judged.told) == (outcome, differing, told)


@pytest.mark.parametrize(("held", "told", "outcome", "differing"), BY_FACTS.values(), ids=BY_FACTS)
def test_who_is_found_by_facts(held: Held, told: Told, outcome: Outcome, differing: set[Item]) -> None:
    judged = judge(held, Reply(Key.FACTS, (told,)))
    assert (judged.outcome, set(judged.differing), judged.told) == (outcome, differing, told)


OTHERWISE = {
    "not yet": (None, Outcome.NOT_ANSWERED),
    "nobody": (Reply(Key.NUMBER), Outcome.NO_MATCH),
    "outside the network": (Reply(Key.NUMBER, non_participating=True), Outcome.NON_PARTICIPATING),
    "two of one name": (Reply(Key.FACTS, (TOLD, SAME_NAME)), Outcome.AMBIGUOUS),
    "two of one name, one dead": (
        Reply(Key.FACTS, (TOLD, replace(SAME_NAME, life=Life.DEAD))),
        Outcome.AMBIGUOUS,
    ),
    "twins": (Reply(Key.FACTS, (TOLD, TWIN)), Outcome.AMBIGUOUS),
    "two by one number": (Reply(Key.NUMBER, (TOLD, DIED)), Outcome.AMBIGUOUS),
}


@pytest.mark.parametrize(("reply", "outcome"), OTHERWISE.values(), ids=OTHERWISE)
def test_who_is_not_found_or_not_alone(reply: Reply | None, outcome: Outcome) -> None:
    judged = judge(HELD, reply)
    assert (judged.outcome, len(judged.differing), judged.told) == (outcome, 0, None)


def test_facts_show_nothing() -> None:
    assert "高崎" not in repr(
        (HELD, TOLD, Reply(Key.NUMBER, (TOLD,)), judge(HELD, Reply(Key.NUMBER, (TOLD,))))
    )


TEXTS = st.sampled_from(["", "高崎　花子", "高崎　月子", "髙﨑　花子", "見本　花子", "高〓　花子"])
RECORDS = st.builds(
    Told,
    name=TEXTS,
    kana=st.sampled_from(["", "たかさき　はなこ", "たかさき　つきこ"]),
    birth_date=st.sampled_from(["", "1990-01-15", "1990-01-16", "1990-XX-XX"]),
    sex=st.sampled_from(["", "1", "2"]),
    address=st.sampled_from(["", TOLD.address, SAME_NAME.address]),
    life=st.sampled_from(Life),
    number=st.sampled_from(Number),
)


@given(st.lists(RECORDS, min_size=1, max_size=3), st.sampled_from(Key))
def test_nobody_dies_by_another_birthday_sex_or_given_name(records: list[Told], key: Key) -> None:
    judged = judge(HELD, Reply(key, tuple(records)))
    if judged.outcome not in (Outcome.AMBIGUOUS, Outcome.NO_MATCH):
        [told] = records
        assert told.birth_date != "1990-01-16"
        assert told.sex != "1"
        assert "月子" not in told.name or "はなこ" in told.kana
        assert key is Key.NUMBER or (told.name and told.address == TOLD.address)
