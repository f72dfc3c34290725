"""Whether somebody passed: what the lists of the centre say of an applicant, and of a licence's holder."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from meibo.access.permissions import Permission, Role
from meibo.crypto.keys import FileKeys
from meibo.errors import AuditUnavailable, Forbidden, MessageRefused, NotFound
from meibo.exchange.inbound.standing import Candidate, PassFound, PassStanding
from meibo.exchange.inbound.tables import pass_entry, pass_list
from meibo.link.envelopes import KEY
from meibo_sandbox.existing import Spoilt
from tests.core.exchange.inbound.conftest import ADMINISTRATOR, NAME, PROFESSION, Centre, passed
from tests.core.exchange.inbound.test_papers import SPOILT, leaves, refuse
from tests.installed import principal

CLERK = principal(Role.CLERK, {PROFESSION})
HANAKO = Candidate(2020, "見本花子", "1995-01-15", "K000001")


async def sent(centre: Centre, *rows: Any, year: int = 2020, **how: Any) -> bytes:
    raw = centre.system.pass_list(PROFESSION, year, rows, **how)
    await centre.receive(raw)
    return raw


async def standing(centre: Centre, candidate: Candidate = HANAKO) -> PassStanding:
    return (await centre.inbound.passes.check(CLERK, PROFESSION, candidate)).standing


async def test_a_licence_is_found_by_what_its_entry_says(centre: Centre) -> None:
    licence, list_ = await centre.enter(), uuid4()
    passes = centre.inbound.passes
    assert await passes.check_licence(CLERK, PROFESSION, licence) == PassFound(PassStanding.NO_LIST)
    await sent(centre, passed("K9", family_name="手本"))
    assert await passes.check_licence(CLERK, PROFESSION, licence) == PassFound(PassStanding.NOT_ON_THE_LIST)
    await sent(centre, passed(), list=list_)
    assert await passes.check_licence(CLERK, PROFESSION, licence) == PassFound(PassStanding.PASSED, (list_,))
    trained = await centre.enter(
        "E100", pass_certificate_number=None, pass_month_wareki=None, fixed_term_registration=True,
        training_facility_code="000001", expiry_date_wareki="2026-03-31", available_leave_days=1826,
    )  # fmt: skip
    assert await passes.check_licence(CLERK, PROFESSION, trained) == PassFound(PassStanding.NOT_ON_THE_LIST)
    with pytest.raises(NotFound):
        await passes.check_licence(CLERK, PROFESSION, uuid4())


SAID = [
    (HANAKO, "passed"),
    (Candidate(2020, "見本花子", "1995-01-15"), "passed"),
    (Candidate(2020, "見本花子", "1995-01-15", "K000009"), "ambiguous"),
    (Candidate(2020, "手本花子", "1995-01-15", "K000001"), "ambiguous"),
    (Candidate(2020, "双子一郎", "1995-01-15"), "ambiguous"),
    (Candidate(2020, "双子一郎", "1995-01-15", "K000003"), "passed"),
    (Candidate(2020, "雛形太郎", "1995-01-15", "K000005"), "not_on_the_list"),
    (Candidate(2020, "高見花子", "1995-01-15", "Ｋ000004"), "passed"),
    (Candidate(2021, "見本花子", "1995-01-15", "K000001"), "no_list"),
]


async def test_passed_is_who_agrees_with_one_row_in_all(centre: Centre) -> None:
    twins = [passed(f"K00000{n}", family_name="双子", given_name="一郎") for n in (2, 3)]
    await sent(centre, passed(), *twins, passed("K000004", family_name="髙見"))
    assert [await standing(centre, candidate) for candidate, _ in SAID] == [wanted for _, wanted in SAID]


async def test_a_list_that_comes_again_is_nothing_new(centre: Centre) -> None:
    list_ = uuid4()
    raw = await sent(centre, passed(), list=list_)
    assert await centre.receive(raw) is False
    await sent(centre, passed("K2"), list=list_)
    await sent(centre, passed(), list=uuid4())  # The same row in a list more is one row.
    assert await standing(centre) == "passed"
    assert [len(await centre.rows(table)) for table in (pass_list, pass_entry)] == [2, 2]


async def test_a_list_that_was_wrong_counts_no_more(centre: Centre) -> None:
    wrong = uuid4()
    await sent(centre, passed(), list=wrong)
    await sent(centre, passed("K2", family_name="手本"), replaces=str(wrong))
    assert await standing(centre) == "not_on_the_list"
    first, second = await centre.inbound.passes.listed(CLERK, PROFESSION)
    assert (first.list, first.replaced_at is None, second.replaced_at) == (wrong, False, None)
    for year, replaced in ((2020, str(wrong)), (2020, str(uuid4())), (2021, str(second.list))):
        with pytest.raises(MessageRefused, match="UNKNOWN_REQUEST"):
            await sent(centre, passed(), year=year, replaces=replaced)
    assert len(await centre.rows(pass_list)) == 2


async def test_a_spoilt_list_is_refused_by_name_and_nothing_is_kept(centre: Centre) -> None:
    reasons = {}
    for spoilt in Spoilt:
        with pytest.raises(MessageRefused) as refused:
            await sent(centre, passed(), spoilt=spoilt)
        reasons[spoilt] = refused.value.reason
    assert reasons == SPOILT
    with pytest.raises(MessageRefused, match="DUPLICATE"):
        await sent(centre, passed(), passed(family_name="手本"))
    assert (await centre.rows(pass_list), await centre.rows(pass_entry)) == ([], [])


async def test_rows_are_found_after_the_key_is_renewed(centre: Centre) -> None:
    await sent(centre, passed())
    keys = centre.installation.keys
    assert isinstance(keys, FileKeys)
    keys.renew(KEY)
    centre.system.ours = await centre.installation.links.office.key(ADMINISTRATOR, NAME)
    await sent(centre, passed("K2", family_name="手本"))  # Encrypted to the key before.
    assert [row.key_version for row in await centre.rows(pass_entry)] in ([1, 2], [2, 1])
    assert await standing(centre) == "passed"
    assert await standing(centre, Candidate(2020, "手本花子", "1995-01-15", "K2")) == "passed"


async def test_who_asked_about_whom_is_in_the_log_before_it_is_told(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence, passes = await centre.enter(), centre.inbound.passes
    await sent(centre, passed())
    await standing(centre)
    await passes.check_licence(CLERK, PROFESSION, licence)
    subjects = (await centre.pseudonym(licence),)
    assert await leaves(centre, "pass_list.check") == [
        ("pass_list.check", "find", (), None),
        ("pass_list.check", "read", subjects, None),
    ]
    monkeypatch.setattr(centre.installation.audit, "record", refuse)
    for asked in (passes.check(CLERK, PROFESSION, HANAKO), passes.check_licence(CLERK, PROFESSION, licence)):
        with pytest.raises(AuditUnavailable):
            await asked


async def test_a_row_is_sealed(centre: Centre) -> None:
    await sent(centre, passed("K777", family_name="カナリア鳥"))
    [row] = await centre.rows(pass_entry)
    for planted in ("K777", "カナリア", "1995"):
        assert planted.encode() not in row.sealed + row.number_hash + row.person_hash


async def test_each_verb_needs_the_permission(centre: Centre) -> None:
    licence, passes = await centre.enter(), centre.inbound.passes
    for caller in (
        principal(Role.VIEWER, {PROFESSION}),
        principal(Role.ADMINISTRATOR, {PROFESSION}, without=frozenset({Permission.EXAMINATION_CHECK})),
        principal(Role.CLERK, {"nurse"}),
    ):
        for act in (
            passes.check(caller, PROFESSION, HANAKO),
            passes.check_licence(caller, PROFESSION, licence),
            passes.listed(caller, PROFESSION),
        ):
            with pytest.raises(Forbidden):
                await act
    with pytest.raises(NotFound):  # A profession without lists.
        await passes.listed(principal(Role.CLERK, {"nurse"}), "nurse")
    assert ADMINISTRATOR.may(Permission.EXAMINATION_CHECK, PROFESSION)
