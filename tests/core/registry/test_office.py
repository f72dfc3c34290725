"""The office's verbs: what each asks for, what it leaves in the record, and that a refusal stores nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from meibo.access.permissions import ROLES, Permission, Role
from meibo.audit.leaves import Leaf, LeafKind, decode
from meibo.database.stores import Store
from meibo.errors import Finding, FindingCode, Forbidden, Refused, StaleVersion
from meibo.identity import NumberKind, VerifiedBy
from meibo.professions.law import MeasureKind
from meibo.register import tables
from meibo.register.dispositions import Order
from meibo.register.fold import State, Verb
from meibo.registry.requests import Outcome
from tests.core.register.doctors import DAY, ENTERED, OFFICER, TODAY, Doctors, asking, values
from tests.core.registry.conftest import Later
from tests.installed import principal

NUMBER = {NumberKind.INDIVIDUAL_NUMBER: "123456789018"}
INVALID, REQUIRED = FindingCode.INVALID_VALUE, FindingCode.REQUIRED
Told = tuple[FindingCode, str, tuple[str, ...] | str]


def told(finding: Finding) -> Told:
    return finding.code, finding.rule, finding.path


async def entering_is_refused(doctors: Doctors, **changed: Any) -> list[Told]:
    """Why an entry is refused; nothing is stored then, in the register or in the vault."""
    before = await everything(doctors)
    with pytest.raises(Refused) as refused:
        await doctors.installation.office.register(
            OFFICER, "doctor", asking(Verb.REGISTER, **({"day": ENTERED} | changed))
        )
    assert await everything(doctors) == before
    return [told(f) for f in refused.value.findings]


async def everything(doctors: Doctors) -> tuple[Any, ...]:
    """What the register and the vault hold."""
    held = []
    for store, names in (
        (Store.LINKS, ("person", "licence_link")),
        (Store.NUMBERS, ("enrolment",)),
        (Store.KEYS, ("lookup",)),
    ):
        async with doctors.installation.databases[store].read() as connection:
            held += [await connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in names]
    return await doctors.stored(), held


async def leaves(doctors: Doctors) -> list[Leaf]:
    async with doctors.installation.databases[Store.AUDIT].read() as connection:
        bodies = await connection.scalars(text("SELECT body FROM audit_leaf ORDER BY number"))
        return [decode(body).leaf for body in bodies]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"reason": ""}, (REQUIRED, "act.reason", ("reason",))),
        ({"reason": "999"}, (FindingCode.UNKNOWN_CODE, "act.reason", ("reason",))),
        ({"legal_basis": "nothing"}, (INVALID, "act.legal_basis", ("legal_basis",))),
        (
            {"legal_basis": "reprimand", "day": date(2007, 3, 31)},
            (INVALID, "act.legal_basis", ("legal_basis",)),
        ),
        ({"day": TODAY + DAY}, (INVALID, "act.future", ("effective_date",))),
        ({"day": date(3000, 1, 1)}, (INVALID, "act.too_far", ("effective_date",))),
        ({"idempotency_key": ""}, (INVALID, "act.key", ("idempotency_key",))),
        ({"idempotency_key": "k" * 201}, (INVALID, "act.key", ("idempotency_key",))),
        ({"reason_text": "長" * 501}, (INVALID, "text.too_long", ("reason_text",))),
        ({"reason_text": "a\x00b"}, (INVALID, "text.control_character", ("reason_text",))),
        ({"order_number": "1\n2"}, (INVALID, "text.control_character", ("order_number",))),
        ({"delay_reason": "\ud800"}, (INVALID, "text.lone_surrogate", ("delay_reason",))),
        ({"values": values(family_name=None)}, (REQUIRED, "item.required", ("register", "family_name"))),
        (
            {
                "values": values(
                    birth_date="2010-01-01",
                )
            },
            (FindingCode.RULE_BROKEN, "doctor.of_age", ("register", "registration_date")),
        ),
        (
            {"values": values(domicile_code="99X")},
            (FindingCode.UNKNOWN_CODE, "code.unknown", ("register", "domicile_code")),
        ),
        ({"numbers": NUMBER}, (REQUIRED, "number.verified_by", ("verified_by",))),
        (
            {
                "numbers": {NumberKind.INDIVIDUAL_NUMBER: "123456789012"},
                "verified_by": VerifiedBy.MY_NUMBER_CARD,
            },
            (INVALID, "number.check_digit", ("number",)),
        ),
    ],
)
async def test_what_an_entry_asks_for(doctors: Doctors, changed: dict[str, Any], expected: Told) -> None:
    assert await entering_is_refused(doctors, **changed) == [expected]


async def test_a_basis_holds_from_its_first_day(doctors: Doctors) -> None:
    request = asking(Verb.REGISTER, date(2007, 4, 1), legal_basis="reprimand", validate_only=True)
    assert await doctors.installation.office.register(OFFICER, "doctor", request) == Outcome(None, None)


async def test_every_finding_is_told_at_once(doctors: Doctors) -> None:
    found = await entering_is_refused(
        doctors, reason="", legal_basis="", values=values(birth_date="x", sex_code="9x")
    )
    assert sorted(rule for _, rule, _ in found) == [
        "act.legal_basis",
        "act.reason",
        "code.form",
        "date.not_edtf",
    ]


async def test_a_rule_cites_its_law(doctors: Doctors) -> None:
    request = asking(Verb.REGISTER, ENTERED, values=values(birth_date="2010-01-01"))
    with pytest.raises(Refused) as refused:
        await doctors.installation.office.register(OFFICER, "doctor", request)
    assert [f.cites for f in refused.value.findings] == ["医師法3条、items 8, 26"]


async def test_a_register_number_stands_once(doctors: Doctors) -> None:
    await doctors.enter("500001")
    taken = (FindingCode.DUPLICATE, "item.unique", ("register", "registration_number"))
    for number in ("500001", "５００００１", "0500001"):
        assert await entering_is_refused(doctors, values=values(number)) == [taken]


async def test_an_individual_number_stands_once(doctors: Doctors) -> None:
    await doctors.enter("500001", "123456789018")
    found = await entering_is_refused(
        doctors, values=values("500002"), numbers=NUMBER, verified_by=VerifiedBy.MY_NUMBER_CARD
    )
    assert [code for code, _, _ in found] == [FindingCode.DUPLICATE]


@pytest.mark.parametrize(
    ("verb", "day", "changed", "expected"),
    [
        (Verb.SUSPEND, TODAY, {"kind": ""}, (FindingCode.UNKNOWN_CODE, "act.measure", ("kind",))),
        (Verb.SUSPEND, TODAY, {"kind": "99"}, (FindingCode.UNKNOWN_CODE, "act.measure", ("kind",))),
        (Verb.REVOKE, TODAY, {"kind": ""}, (FindingCode.UNKNOWN_CODE, "act.measure", ("kind",))),
        (Verb.REPRIMAND, TODAY, {"kind": "02"}, (INVALID, "act.measure_kind", ("kind",))),
        (Verb.SUSPEND, TODAY, {"kind": "03"}, (INVALID, "act.measure_kind", ("kind",))),
        (Verb.REVOKE, TODAY, {"office_name": "　"}, (REQUIRED, "act.office", ("office_name",))),
        (Verb.SUSPEND, TODAY, {"start_date": TODAY - DAY}, (INVALID, "act.period", ("start_date",))),
        (Verb.SUSPEND, TODAY + DAY, {}, (INVALID, "act.future", ("effective_date",))),
        (Verb.SUSPEND, TODAY, {"end_date": None}, (REQUIRED, "act.end", ("end_date",))),
        (Verb.SUSPEND, TODAY, {"end_date": TODAY - DAY}, (INVALID, "act.period", ("end_date",))),
        (
            Verb.SUSPEND,
            date(2024, 2, 29),
            {"end_date": date(2027, 3, 1)},
            (INVALID, "act.period_limit", ("end_date",)),
        ),
        (
            Verb.SUSPEND,
            TODAY,
            {"end_date": date(9999, 12, 31)},
            (INVALID, "act.too_far", ("effective_date",)),
        ),
        (
            Verb.SUSPEND,
            date(9998, 1, 1),
            {"end_date": date(9999, 1, 1)},
            (INVALID, "act.too_far", ("effective_date",)),
        ),
        (Verb.CORRECT, TODAY - 31 * DAY, {"delay_reason": ""}, (REQUIRED, "act.late", ("delay_reason",))),
        (Verb.REVOKE, TODAY + DAY, {}, (INVALID, "act.future", ("effective_date",))),
        (Verb.RESTORE, TODAY, {}, (FindingCode.WRONG_STATE, "register.wrong_state", ())),
        (Verb.LIFT_SUSPENSION, TODAY, {}, (REQUIRED, "act.disposition", ("disposition",))),
        (
            Verb.ORDER_REEDUCATION,
            TODAY,
            {"disposition": UUID(int=1)},
            (FindingCode.NOT_FOUND, "register.no_disposition", ("disposition",)),
        ),
        (
            Verb.REISSUE,
            TODAY,
            {"expected_version": 7},
            (FindingCode.STALE_VERSION, "register.stale_version", "expected_version"),
        ),
        (
            Verb.CORRECT,
            TODAY,
            {"values": {"register": {"family_name": None}}},
            (REQUIRED, "item.required", ("register", "family_name")),
        ),
    ],
)
async def test_what_an_act_asks_for(
    doctors: Doctors, verb: Verb, day: date, changed: dict[str, Any], expected: Told
) -> None:
    licence = await doctors.enter()
    assert told(await doctors.refused(licence, verb, day, **changed)) == expected


@pytest.mark.parametrize(
    ("verb", "day", "changed"),
    [
        (Verb.SUSPEND, date(2024, 2, 29), {"end_date": date(2027, 2, 28)}),
        (Verb.SUSPEND, date(2024, 2, 29), {"start_date": date(2024, 3, 1), "end_date": date(2027, 2, 28)}),
        (Verb.SUSPEND, TODAY, {"end_date": TODAY}),
        (Verb.CORRECT, TODAY - 30 * DAY, {"delay_reason": ""}),
        (Verb.CORRECT, TODAY - 31 * DAY, {"delay_reason": "海外にいたため"}),
    ],
)
async def test_what_is_just_allowed(doctors: Doctors, verb: Verb, day: date, changed: dict[str, Any]) -> None:
    licence = await doctors.enter()
    made = await doctors.act(licence, verb, day, **changed)
    versions = 2 + (verb is Verb.SUSPEND) + ("start_date" in changed)
    assert (made.licence, await doctors.version(licence)) == (licence, versions)


async def test_the_effects_of_verbs_stand_in_the_record(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.CORRECT, TODAY, reason_text="氏名の変更")
    await doctors.act(licence, Verb.STRIKE_OFF, TODAY, reason_text="申請による")
    struck = await doctors.register(await doctors.head(licence))
    assert {n: v for n, v in struck.items() if n.startswith(("register_correction", "deregistration"))} == {
        "register_correction_date": TODAY,
        "register_correction_reason_code": "201",
        "register_correction_reason_text": "氏名の変更",
        "deregistration_date": TODAY,
        "deregistration_reason_code": "401",
        "deregistration_reason_text": "申請による",
    }
    await doctors.act(licence, Verb.UNDO_STRIKE_OFF, TODAY)
    undone = await doctors.register(await doctors.head(licence))
    assert {n for n in undone if n.startswith("deregistration")} == set()
    assert undone["register_correction_date"] == TODAY


async def test_a_measure_is_recorded_with_its_period(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(
        licence, Verb.SUSPEND, TODAY - 20 * DAY, start_date=TODAY - 10 * DAY, end_date=TODAY - 2 * DAY,
        office_code="0001", reason_text="不正請求",
    )  # fmt: skip
    await doctors.act(licence, Verb.REVOKE, TODAY)
    head = await doctors.head(licence)
    first, second = await doctors.dispositions(head)
    assert (first.kind, first.ordered_date, first.lifted_date) == (
        MeasureKind.SUSPENSION,
        TODAY - 20 * DAY,
        None,
    )
    assert first.order == Order(
        code="02", start_date=TODAY - 10 * DAY, end_date=TODAY - 2 * DAY, office_name="厚生労働大臣",
        office_code="0001", number="医政発1号", reason="703", remarks="不正請求",
    )  # fmt: skip
    assert (second.kind, second.order.start_date, second.order.end_date) == (
        MeasureKind.REVOCATION,
        TODAY,
        None,
    )
    both = await doctors.reader().dispositions([head, head])
    assert both[0] == both[1] == (await doctors.reader().dispositions([head]))[0]


async def test_a_suspension_is_no_longer_than_its_law_allows(doctors: Doctors) -> None:
    licence = await doctors.enter()
    finding = await doctors.refused(
        licence, Verb.SUSPEND, date(2026, 4, 1), end_date=date(2029, 4, 1), validate_only=True
    )
    assert (finding.rule, finding.cites) == ("act.period_limit", "医師法7条（医業の停止）")


async def test_reeducation_stands_in_the_register_and_at_its_disposition(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.REPRIMAND, TODAY - 9 * DAY)
    before = await doctors.head(licence)
    await doctors.act(licence, Verb.ORDER_REEDUCATION, TODAY - 5 * DAY)
    await doctors.act(licence, Verb.COMPLETE_REEDUCATION, TODAY)
    head = await doctors.head(licence)
    [view] = await doctors.reader().groups("reeducation", [head])
    assert view.values == {
        "reeducation_order_registered_date": TODAY - 5 * DAY,
        "reeducation_completion_registered_date": TODAY,
    }
    days = [TODAY - 10 * DAY, TODAY - 9 * DAY, TODAY - DAY, TODAY]
    seen = [await doctors.dispositions(await doctors.head(licence, as_of=day)) for day in days]
    assert [[(d.reeducation_ordered_date, d.reeducation_completed_date) for d in on] for on in seen] == [
        [],
        [(None, None)],
        [(TODAY - 5 * DAY, None)],
        [(TODAY - 5 * DAY, TODAY)],
    ]
    known_then = await doctors.head(licence, known_at=before.recorded_at)
    [disposition] = await doctors.dispositions(known_then)
    assert (known_then.version_id, disposition.reeducation_ordered_date) == (before.version_id, None)
    finding = await doctors.refused(licence, Verb.COMPLETE_REEDUCATION, TODAY)
    assert told(finding) == (FindingCode.WRONG_STATE, "register.disposition_state", ("disposition",))


async def test_a_reprimand_noted_late_shows_on_the_days_of_a_suspension_known_before(
    doctors: Doctors,
) -> None:
    """The days after the suspension have the same record and standing as before, but say one thing more."""
    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY - 20 * DAY, end_date=TODAY - 10 * DAY)
    before = await doctors.head(licence)
    await doctors.act(licence, Verb.REPRIMAND, TODAY - 15 * DAY)
    after, past = await doctors.head(licence), await doctors.head(licence, as_of=TODAY - 5 * DAY)
    assert [d.order.code for d in await doctors.dispositions(before)] == ["02"]
    assert [d.order.code for d in await doctors.dispositions(past)] == ["02", "01"]
    assert past.version_id == after.version_id != before.version_id
    assert (past.content, after.state) == (before.content, State.REGISTERED)


async def test_who_may_follow_a_disposition_up_is_told_there(doctors: Doctors) -> None:
    async def open_to(role: Role, licence: UUID) -> list[tuple[Verb, ...]]:
        reader = doctors.installation.reader(principal(role), "test")
        [head] = await reader.heads([licence])
        assert head is not None
        [views] = await reader.dispositions([head])
        return [view.viewer_may for view in views]

    licence = await doctors.enter()
    await doctors.act(licence, Verb.SUSPEND, TODAY, start_date=TODAY + 5 * DAY)
    assert await open_to(Role.OFFICER, licence) == [(Verb.LIFT_SUSPENSION, Verb.ORDER_REEDUCATION)]
    assert await open_to(Role.CLERK, licence) == [()]
    assert await open_to(Role.VIEWER, licence) == []
    await doctors.act(licence, Verb.ORDER_REEDUCATION, TODAY)
    await doctors.act(licence, Verb.LIFT_SUSPENSION, TODAY)
    assert await open_to(Role.OFFICER, licence) == [(Verb.COMPLETE_REEDUCATION,)]
    await doctors.act(licence, Verb.STRIKE_OFF, TODAY)
    assert await open_to(Role.OFFICER, licence) == [()]


@pytest.mark.parametrize("verb", [v for v in Verb if v is not Verb.REGISTER])
async def test_a_licence_out_of_sight_is_no_licence(doctors: Doctors, verb: Verb) -> None:
    licence = await doctors.enter()
    before = await doctors.stored()
    stranger = principal(Role.ADMINISTRATOR, {"nurse"})
    for caller, asked in ((stranger, licence), (OFFICER, uuid4())):
        with pytest.raises(Refused) as refused:
            await doctors.installation.office.act(
                caller, verb, asking(verb, licence=asked, expected_version=1)
            )
        assert [told(f) for f in refused.value.findings] == [
            (FindingCode.NOT_FOUND, "licence.unknown", ("licence_id",))
        ]
        last = (await leaves(doctors))[-1]
        assert (last.kind, last.operation, last.profession, last.outcome) == (
            LeafKind.REFUSAL,
            verb,
            None,
            "NOT_FOUND",
        )
    assert await doctors.stored() == before


@pytest.mark.parametrize("verb", list(Verb))
async def test_without_the_permission_nothing_is_looked_at(doctors: Doctors, verb: Verb) -> None:
    licence = await doctors.enter()
    before = await doctors.stored()
    needed = Permission(f"registry:licence:{verb}")
    clerk = principal(without=ROLES[Role.OFFICER] & {needed})
    office = doctors.installation.office
    request = asking(verb, licence=licence, expected_version=1, reason="")
    with pytest.raises(Forbidden) as refused:
        await (
            office.register(clerk, "doctor", request)
            if verb is Verb.REGISTER
            else office.act(clerk, verb, request)
        )
    assert refused.value.permission == needed
    assert await doctors.stored() == before
    last = (await leaves(doctors))[-1]
    assert (last.kind, last.operation, last.outcome) == (LeafKind.REFUSAL, verb, "FORBIDDEN")


@pytest.mark.parametrize("verb", [Verb.REGISTER, Verb.CORRECT, Verb.SUSPEND])
async def test_validating_stores_nothing_and_takes_no_key(doctors: Doctors, verb: Verb) -> None:
    licence = await doctors.enter("500001")
    before = await everything(doctors)
    office = doctors.installation.office
    if verb is Verb.REGISTER:
        request = asking(
            verb,
            ENTERED,
            values=values("500002"),
            numbers=NUMBER,
            verified_by=VerifiedBy.MY_NUMBER_CARD,
            validate_only=True,
            idempotency_key="once",
        )
        outcome = await office.register(OFFICER, "doctor", request)
    else:
        outcome = await doctors.act(licence, verb, TODAY, validate_only=True, idempotency_key="once")
    assert outcome == Outcome(None, None)
    assert await everything(doctors) == before
    if verb is not Verb.REGISTER:
        made = await doctors.act(licence, verb, TODAY, idempotency_key="once")
        assert made.action is not None


async def test_a_repeated_request_is_done_once(doctors: Doctors) -> None:
    licence = await doctors.enter()
    first = await doctors.act(licence, Verb.REISSUE, TODAY, idempotency_key="once", expected_version=1)
    again = await doctors.act(licence, Verb.REISSUE, TODAY, idempotency_key="once", expected_version=1)
    assert again == first
    assert len(await doctors.rows(tables.action)) == 2


async def test_a_repeated_entry_is_done_once(doctors: Doctors) -> None:
    request = asking(
        Verb.REGISTER, ENTERED, numbers=NUMBER, verified_by=VerifiedBy.MY_NUMBER_CARD, idempotency_key="once"
    )
    office = doctors.installation.office
    first = await office.register(OFFICER, "doctor", request)
    before = await everything(doctors)
    assert await office.register(OFFICER, "doctor", request) == first
    assert await everything(doctors) == before


async def test_a_key_stands_for_one_body_of_one_caller_and_verb(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.REISSUE, TODAY, idempotency_key="once")
    reused = await doctors.refused(licence, Verb.REISSUE, TODAY, idempotency_key="once", reason_text="別")
    assert told(reused) == (FindingCode.IDEMPOTENCY_KEY_REUSED, "act.key_reused", ("idempotency_key",))
    await doctors.act(licence, Verb.CORRECT, TODAY, idempotency_key="once")
    colleague = Doctors(doctors.installation, principal(account="colleague"))
    await colleague.act(licence, Verb.REISSUE, TODAY, idempotency_key="once", reason_text="別")
    assert len(await doctors.rows(tables.action)) == 4


@pytest.mark.parametrize(
    ("passed", "verdict"), [(timedelta(days=7, seconds=-30), "STALE"), (timedelta(days=7, seconds=1), "NEW")]
)
async def test_keys_are_kept_for_seven_days(
    doctors: Doctors, later: Later, passed: timedelta, verdict: str
) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.REISSUE, TODAY, idempotency_key="once")
    later(passed)
    if verdict == "STALE":
        reused = await doctors.refused(licence, Verb.REISSUE, TODAY, idempotency_key="once", reason_text="別")
        assert reused.code is FindingCode.IDEMPOTENCY_KEY_REUSED
    else:
        await doctors.act(licence, Verb.REISSUE, TODAY, idempotency_key="once", reason_text="別")
    assert len(await doctors.rows(tables.idempotency)) == (2 if verdict == "STALE" else 1)


async def test_a_stale_version_is_its_own_error(doctors: Doctors) -> None:
    licence = await doctors.enter()
    await doctors.act(licence, Verb.REISSUE, TODAY)
    for version in (1, 3, None):
        with pytest.raises(StaleVersion):
            await doctors.act(licence, Verb.REISSUE, TODAY, expected_version=version)


async def test_a_corrected_name_is_found_and_the_old_one_is_not(doctors: Doctors) -> None:
    licence = await doctors.enter()
    before = {bytes(row["hash"]) for row in await doctors.rows(tables.search_key)}
    changed = {"family_name": "新山", "family_name_kana": "ニイヤマ"}
    await doctors.act(licence, Verb.CORRECT, TODAY, values={"register": changed})
    after = {bytes(row["hash"]) for row in await doctors.rows(tables.search_key)}
    assert len(before & after) == 1  # The date of birth.


async def test_an_action_says_who_where_why_and_what_came_of_it(doctors: Doctors) -> None:
    licence: UUID = await doctors.enter()
    made = await doctors.act(licence, Verb.SUSPEND, TODAY)
    [row] = [r for r in await doctors.rows(tables.action) if r["id"] == made.action]
    names = (
        "number",
        "verb",
        "status",
        "effective_date",
        "account",
        "institution",
        "terminal",
        "legal_basis",
        "resulting_version",
    )
    assert [row[name] for name in names] == [
        2,
        "suspend",
        "accepted",
        TODAY,
        "tester",
        "Test office",
        "terminal-1",
        "suspend",
        3,
    ]
    assert (await doctors.head(licence)).state is State.SUSPENDED
