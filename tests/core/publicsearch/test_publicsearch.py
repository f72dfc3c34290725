"""The public search: whom it finds, what it tells, and that all it does not tell looks alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import pytest
from sqlalchemy import select

from meibo.audit import tables as audit_tables
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Database, Store
from meibo.errors import AuditUnavailable, InvalidValue
from meibo.installation import Installation
from meibo.publicsearch import Found, PublicSearches, Registered, question
from meibo.publicsearch.candidates import MOST
from meibo.register import sealing
from meibo.register.fold import Verb
from tests.core.register.doctors import Doctors

NAME = "見本　花子"
ONE = Registered(2016, NAME, "2")
NOBODY = Found((), complete=True)


class Public:
    """Anybody, before an installation's registers."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.doctors = Doctors(installation)
        self.searches = PublicSearches(
            installation.register, installation.scopes, installation.keys, installation.codes,
            installation.audit,
        )  # fmt: skip

    async def ask(self, name: str = NAME, sex: str | None = "2", profession: str = "doctor") -> Found:
        return await self.searches.search(question(self.installation.host, profession, name, sex))

    async def leaves(self) -> list[Leaf]:
        async with self.installation.databases[Store.AUDIT].read() as connection:
            bodies = (await connection.scalars(select(audit_tables.leaf.c.body))).all()
        return [leaf for leaf in (decode(b).leaf for b in bodies) if leaf.operation == "public_search"]


@pytest.fixture
def public(installation: Installation) -> Public:
    return Public(installation)


@contextmanager
def work(public: Public, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the register, what of it is opened, in order, meanwhile."""
    done: list[str] = []

    def counted(name: str) -> None:
        does = getattr(sealing, name)

        def count(*given: Any) -> Any:
            done.append(name)
            return does(*given)

        patched.setattr(sealing, name, count)

    with monkeypatch.context() as patched:
        counted("open_blob")
        counted("open_licence_key")
        public.installation.register.heard.append(done.append)
        yield done
        public.installation.register.heard.remove(done.append)


async def test_a_full_name_tells_name_sex_and_year_and_nothing_else(public: Public) -> None:
    await public.doctors.enter("500001")
    assert await public.ask() == Found((ONE,), complete=True)
    assert await public.ask("見本 花子") == Found((ONE,), complete=True)
    assert [field.name for field in fields(Registered)] == ["registration_year", "full_name", "sex"]
    assert (NAME in repr(ONE), "花子" in repr(question(public.installation.host, "doctor", NAME, "2"))) == (
        False, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sex"),
    [
        ("見本 花子", "1"),
        ("見本花子", "2"),
        ("見 本花子", "2"),
        ("見本 花", "2"),
        ("見本", "2"),
        ("花子 見本", "2"),
        ("ミホン ハナコ", "2"),
        ("見本% 花子", "2"),
    ],
)
async def test_nobody_is_found_by_less_than_the_name_and_sex(public: Public, name: str, sex: str) -> None:
    await public.doctors.enter("500001")
    assert await public.ask(name, sex) == NOBODY


async def test_variants_are_other_names_and_selectors_are_not(public: Public) -> None:
    await public.doctors.enter("500001", family_name="髙橋", given_name="葛\U000e0100")
    assert await public.ask("高橋 葛") == NOBODY
    assert [each.full_name for each in (await public.ask("髙橋 葛")).registered] == ["髙橋　葛\U000e0100"]


async def test_people_of_one_name_are_told_by_year_and_those_alike_once(public: Public) -> None:
    for number, year in ((500001, 2018), (500002, 2016), (500003, 2016)):
        await public.doctors.enter(str(number), registration_date=f"{year}-05-02")
    told = (ONE, Registered(2018, NAME, "2"))
    assert await public.ask() == Found(told, complete=True)


async def test_what_is_left_out_is_said(public: Public) -> None:
    for number in range(MOST + 1):
        await public.doctors.enter(str(500001 + number))
    assert await public.ask() == Found((ONE,), complete=False)


async def test_the_suspended_stand_in_the_register_and_those_struck_off_are_unknown(public: Public) -> None:
    licence = await public.doctors.enter("500001")
    await public.doctors.act(licence, Verb.SUSPEND)
    assert await public.ask() == Found((ONE,), complete=True)
    await public.doctors.act(licence, Verb.STRIKE_OFF)
    assert await public.ask() == NOBODY


async def test_a_corrected_name_is_the_only_one(public: Public) -> None:
    licence = await public.doctors.enter("500001")
    await public.doctors.act(licence, Verb.CORRECT, values={"register": {"family_name": "近衛"}})
    assert (await public.ask(), (await public.ask("近衛 花子")).registered) == (
        NOBODY, (Registered(2016, "近衛　花子", "2"),),
    )  # fmt: skip


async def test_a_profession_without_a_rule_has_no_search(public: Public) -> None:
    for code in ("nurse", "nobody", ""):
        with pytest.raises(InvalidValue) as refused:
            await public.ask(profession=code)
        assert refused.value.rule == "search.profession"


@pytest.mark.parametrize(
    ("name", "sex", "rule"),
    [
        ("", "2", "search.name"),
        ("　 ", "2", "search.name"),
        ("見" * 201, "2", "text.too_long"),
        ("見本\x00花子", "2", "text.control_character"),
        (NAME, None, "search.sex"),
        (NAME, "3x", "search.sex"),
    ],
)
async def test_what_cannot_be_asked_is_refused_before_anything_is_read(
    public: Public, monkeypatch: pytest.MonkeyPatch, name: str, sex: str | None, rule: str
) -> None:
    with work(public, monkeypatch) as done, pytest.raises(InvalidValue) as refused:
        await public.ask(name, sex)
    assert (refused.value.rule, done, await public.leaves()) == (rule, [], [])


async def test_every_answer_takes_the_same_work(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    """No oracle: found or not, once or often, struck off or never there, of another sex, spelt otherwise."""
    await public.doctors.enter("500001")
    for number in (500002, 500003, 500004):
        await public.doctors.enter(str(number), family_name="近衛")
    await public.doctors.act(await public.doctors.enter("500005", family_name="九条"), Verb.STRIKE_OFF)
    await public.ask()
    taken = {}
    for name, sex in (
        (NAME, "2"), (NAME, "1"), ("見本花子", "2"), ("近衛 花子", "2"), ("九条 花子", "2"), ("西園寺 花子", "2"),
    ):  # fmt: skip
        with work(public, monkeypatch) as done:
            await public.ask(name, sex)
        taken[name, sex] = done
    first = taken[NAME, "2"]
    assert len(first) == 1 + 2 * MOST
    assert (first.count("open_blob"), first.count("open_licence_key")) == (MOST, MOST)
    assert [each for each, done in taken.items() if done != first] == []


async def test_no_answer_leaves_before_its_time(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    await public.doctors.enter("500001")
    monkeypatch.setattr("meibo.publicsearch.service.ANSWER_SECONDS", 100.0)
    monkeypatch.setattr("meibo.publicsearch.service.asyncio.sleep", sleep)
    await public.ask()
    await public.ask("西園寺 花子")
    assert [90 < seconds < 100 for seconds in slept] == [True, True]


async def test_every_search_is_a_leaf_that_repeats_no_name(public: Public) -> None:
    await public.doctors.enter("500001")
    await public.ask()
    await public.ask("西園寺 花子")
    found, nobody = sorted(await public.leaves(), key=lambda leaf: -len(leaf.subjects))
    term = public.installation.audit.term
    assert (found.kind, found.institution, found.surface, found.profession, found.count) == (
        LeafKind.READ, "一般公開の検索", "verify", "doctor", 1,
    )  # fmt: skip
    assert (found.terms, nobody.terms) == (
        (term("doctor", "見本花子"),), (term("doctor", "西園寺花子"),),
    )  # fmt: skip
    assert (len(found.subjects), nobody.subjects, "花子" in repr((found, nobody))) == (1, (), False)


async def test_without_a_leaf_nothing_is_told(public: Public) -> None:
    await public.doctors.enter("500001")
    silent = Database("sqlite+aiosqlite:////nonexistent/meibo.db")
    public.installation.audit._database = silent
    with pytest.raises(AuditUnavailable):
        await public.ask()
    await silent.close()


async def test_the_sealed_birth_date_is_never_read(public: Public, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    got = sealing.Values.get

    def get(self: sealing.Values, name: str, default: object = None) -> object:
        asked.append(name)
        return got(self, name, default)

    await public.doctors.enter("500001")
    monkeypatch.setattr(sealing.Values, "get", get)
    assert await public.ask() == Found((ONE,), complete=True)
    assert set(asked) == {"family_name", "given_name", "registration_date", "sex_code"}
