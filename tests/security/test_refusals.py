"""Every verb and every field x role x scope x store: one outcome each, nothing changed by a refusal, its leaf written.

The cells come from the schema itself: a new mutation, root field or licence field without an expectation fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.checking.classifying import Judgement
from meibo.checking.evidence import seal_evidence
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Item
from meibo.checking.outcomes import Key as Found
from meibo.checking.outcomes import Outcome as CheckOutcome
from meibo.checking.plans import Plan
from meibo.checking.rules import Rule
from meibo.checking.states import RunState
from meibo.checking.tables import check_batch, check_discrepancy, check_run
from meibo.exchange.beats import BEAT
from meibo.exchange.messages import TheirChange
from meibo.exchange.numbers import Basis
from meibo.exchange.outcomes import Outcome as FeedOutcome
from meibo.exchange.outcomes import Outcomes
from meibo.host import Host
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation
from meibo.items.declaration import Cardinality, Privacy
from meibo.items.files import File
from meibo.items.kinds import NumberKind as NumberItem
from meibo.items.kinds import Storage
from meibo.jobs import JobState, Nothing, enqueue
from meibo.jobs.tables import job
from meibo.link.tables import link_message
from meibo.linkage.residents import Key
from meibo.partners import PartnerVerb
from meibo.professions.compiled import GroupSpec, Profession
from meibo.register import sealing, tables
from meibo.register.fold import Verb, patched
from meibo.register.opening import open_licence
from meibo.register.rows import Decision
from meibo.register.writing import LicenceWriter
from meibo.registry.entering import add_entry
from meibo.registry.requests import Outcome
from meibo.values.dates import PartialDate, YearMonth
from meibo.values.eras import EraDate
from meibo.values.pseudonyms import LicencePseudonym, new_licence_pseudonym, new_portal_pseudonym
from meibo_graphql.licences import pascal
from meibo_graphql.types import camel
from tests import partners
from tests.installed import principal
from tests.security.api import Answer, Api
from tests.security.conftest import NUMBER, Registers, doctor
from tests.veterinarian.installed import ENTRIES

ALL = frozenset(Role)
CLERKS = frozenset({Role.CLERK, Role.OFFICER, Role.NUMBER_OFFICER, Role.ADMINISTRATOR})
OFFICERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
HISTORIANS = CLERKS | {Role.AUDITOR}
AUDITORS = frozenset({Role.AUDITOR})
PORTAL = new_portal_pseudonym()
SCOPES: tuple[tuple[str, ...], ...] = (("doctor",), ("veterinarian",), ())
PERMITTED = "allowed"
REFUSED = ("FORBIDDEN", "NOT_FOUND")
"""Outcomes that leave a leaf; null and an empty list look like a register without the record, and leave none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field and how it is asked: who may, which permissions it takes, what everybody else gets."""

    name: str
    document: str
    variables: Mapping[str, object] = field(default_factory=dict)
    roles: frozenset[Role] = ALL
    needs: tuple[Permission, ...] = ()
    denied: str = "FORBIDDEN"
    outside: str = PERMITTED
    """What a caller gets who has not `profession` in scope."""
    profession: str = "doctor"
    variant: str = ""
    permission_first: bool = False
    """Whether a caller without the permission is refused before the licence is looked for."""
    permitted: str = PERMITTED
    """What a caller gets who may: a system that is not there may have to be asked."""

    @property
    def label(self) -> str:
        """How a failure names the cell."""
        return f"{self.name}{self.variant and f' ({self.variant})'}"

    def expected(self, role: Role, scope: tuple[str, ...]) -> str:
        """The one outcome for a role and a scope."""
        if self.profession not in scope and not (self.permission_first and role not in self.roles):
            return self.outside
        return self.permitted if role in self.roles else self.denied


def mutations(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Every verb. Acts are validated only, so that one office serves all cells."""
    for code, values in (
        ("doctor", doctor(7)),
        ("veterinarian", ENTRIES["veterinarian"] | {"registration_number": "7"}),
    ):
        entry = {**_act("register"), "register": spelt(values), "effectiveDate": values["registration_date"]}
        yield _item_verb(code, "register", entry, CLERKS, Permission.LICENCE_REGISTER, "FORBIDDEN")
        id = ids["registered" if code == "doctor" else "veterinarian"]
        basis = "correct" if code == "doctor" else "register"
        correction = _act(basis, licenceId=id, expectedVersion=1)
        yield _item_verb(code, "correct", correction, CLERKS, Permission.LICENCE_CORRECT, "NOT_FOUND")
    numbered = {
        **_act("register"),
        "register": spelt(doctor(7)),
        "effectiveDate": doctor(7)["registration_date"],
    }
    numbered |= {"individualNumber": "987654321093", "verifiedBy": "MY_NUMBER_CARD"}
    yield _item_verb(
        "doctor", "register", numbered, CLERKS, Permission.NUMBER_ENROL, "FORBIDDEN", "with a number"
    )
    yield _act_verb(Verb.REISSUE, "reissueLicence", ids["registered"], 1, CLERKS)
    for verb, name, standing in (
        (Verb.LIFT_SUSPENSION, "liftSuspension", "suspended"),
        (Verb.ORDER_REEDUCATION, "orderReeducation", "suspended"),
        (Verb.COMPLETE_REEDUCATION, "completeReeducation", "revoked"),
    ):
        of = {"dispositionId": ids[f"disposition of the {standing}"], "licenceId": None}
        yield _act_verb(verb, name, "", 3, OFFICERS, of)
    yield _act_verb(Verb.RESTORE, "restoreLicence", ids["revoked"], 3, OFFICERS)
    yield _act_verb(Verb.STRIKE_OFF, "strikeOffLicence", ids["registered"], 1, OFFICERS)
    yield _act_verb(Verb.UNDO_STRIKE_OFF, "undoStrikeOff", ids["struck_off"], 2, OFFICERS)
    today = clock.today()
    period = {"startDate": today.isoformat(), "endDate": (today + timedelta(days=9)).isoformat()}
    order: dict[str, object] = {
        "officeName": "大臣", "orderNumber": "9", "orderedDate": today.isoformat(), "effectiveDate": None,
    }  # fmt: skip
    for verb, name, more in (
        (Verb.REPRIMAND, "reprimandLicence", {"kind": "01"}),
        (Verb.SUSPEND, "suspendLicence", {"kind": "02", **period}),
        (Verb.REVOKE, "revokeLicence", {"kind": "03"}),
    ):
        yield _act_verb(verb, name, ids["registered"], 1, OFFICERS, order | more)
    enrol = {"licenceId": ids["registered"], "number": NUMBER, "verifiedBy": "MY_NUMBER_CARD"}
    yield Cell(
        "enrolNumber", "mutation($input: EnrolNumberInput!) {"
        " enrolNumber(input: $input) { status { held } userErrors { code rule } } }",
        {"input": enrol}, CLERKS, (Permission.NUMBER_ENROL,), outside="NOT_FOUND", permission_first=True,
    )  # fmt: skip
    link = {"licenceId": ids["registered"], "portalPseudonym": PORTAL, "verifiedBy": "MY_NUMBER_CARD"}
    yield Cell(
        "linkPortal", "mutation($input: LinkPortalInput!) {"
        " linkPortal(input: $input) { linked userErrors { code rule } } }",
        {"input": link}, CLERKS, (Permission.PORTAL_LINK,), outside="NOT_FOUND", permission_first=True,
    )  # fmt: skip
    yield Cell(
        "unlinkPortal", "mutation($input: UnlinkPortalInput!) {"
        " unlinkPortal(input: $input) { unlinked userErrors { code rule } } }",
        {"input": {"licenceId": ids["registered"]}}, CLERKS, (Permission.PORTAL_LINK,), outside="NOT_FOUND",
        permission_first=True,
    )  # fmt: skip
    yield from _partner_verbs(ids)
    yield from _resident_verbs(ids)
    yield from _family_verbs(ids)
    yield from _connector_verbs(ids)
    yield from _check_verbs(ids)
    yield from _feed_verbs(ids)
    yield from _number_verbs(ids)
    yield from _job_verbs(ids)
    reveal = {"licenceId": ids["registered"], "purpose": "test", "legalBasis": "number_use"}
    yield Cell(
        "revealNumber", "mutation($input: RevealNumberInput!) {"
        " revealNumber(input: $input) { number userErrors { code rule } } }",
        {"input": reveal}, frozenset({Role.NUMBER_OFFICER}), (Permission.NUMBER_REVEAL,), outside="NOT_FOUND",
        permission_first=True,
    )  # fmt: skip


def _partner_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on partners, who belong to no profession: a caller's scope changes nothing."""
    given: dict[str, object] = {"idempotencyKey": str(uuid4()), "reason": "test", "validateOnly": True}
    form = partners.application()
    entry = {
        "name": form.name, "corporateNumber": form.corporate_number, "purpose": "EMPLOYMENT",
        "claims": list(form.claims), "binding": "DPOP", "jwks": json.dumps(form.jwks),
        "contact": form.contact, "expiryDate": form.expiry_date.isoformat(),
    }  # fmt: skip
    yield _partner_verb("applyPartner", given | entry, OFFICERS, Permission.PARTNER_APPLY)
    chiefs = frozenset({Role.ADMINISTRATOR})
    for name, standing, roles, permission in (
        ("approvePartner", "applied", chiefs, Permission.PARTNER_APPROVE),
        ("suspendPartner", "approved", OFFICERS, Permission.PARTNER_SUSPEND),
        ("liftPartnerSuspension", "suspended", chiefs, Permission.PARTNER_APPROVE),
        ("endPartner", "approved", OFFICERS, Permission.PARTNER_SUSPEND),
        ("proposePartnerKeys", "approved", OFFICERS, Permission.PARTNER_APPLY),
    ):
        version = ("applied", "approved", "suspended").index(standing) + 1
        act = given | {"partnerId": ids[f"partner that is {standing}"], "expectedVersion": version}
        keys = {"jwks": entry["jwks"]} if name == "proposePartnerKeys" else {}
        yield _partner_verb(name, act | keys, roles, permission)


def _family_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Asking the family register: validated only, which finds that the vault holds no symbol."""
    about = {"profession": "doctor", "licenceIds": [ids["registered"]], "validateOnly": True}
    for name, more in (("obtainFamilySymbols", {}), ("inquireFamilyRegister", {"items": ["deathDate"]})):
        given = {"idempotencyKey": str(uuid4()), **about, **more}
        input = f"{name[0].upper()}{name[1:]}Input"
        asked = f"{name}(input: $input) {{ batch {{ id }} userErrors {{ code rule }} }}"
        document = f"mutation($input: {input}!) {{ {asked} }}"
        needs = (Permission.FAMILY_INQUIRE,)
        yield Cell(name, document, {"input": given}, OFFICERS, needs, outside="FORBIDDEN")


def _connector_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Outside systems belong to no profession: a caller's scope changes nothing."""
    for name, given, asked in (
        ("pauseConnector", '(connector: "intermediate_server")', "{ paused }"),
        ("resumeConnector", '(connector: "intermediate_server")', "{ paused }"),
        ("retryRequest", f'(requestId: "{ids["request that waits"]}")', ""),
    ):
        yield _connector_cell(name, f"mutation {{ {name}{given} {asked} }}")


def _connector_records() -> Iterator[Cell]:
    """How they stand, and what was requested of them."""
    days = '(connector: "intermediate_server", since: "2026-01-01", until: "2026-12-31")'
    yield _connector_cell("connectors", "{ connectors { name } }")
    yield _connector_cell(
        "connectorRequests", '{ connectorRequests(connector: "intermediate_server") { nodes { type } } }'
    )
    yield _connector_cell("connectorEvidence", f"{{ connectorEvidence{days} {{ nodes {{ status }} }} }}")


def _connector_cell(name: str, document: str) -> Cell:
    chiefs, needs = frozenset({Role.ADMINISTRATOR}), (Permission.LINK_MANAGE,)
    return Cell(name, document, {}, chiefs, needs, permission_first=True)


def _check_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on checks of all holders."""
    plan = {"source": "residents", "professions": ["doctor"]}
    rule = {"profession": "doctor", "startDate": "2999-01-01", "automatic": False}
    chiefs = frozenset({Role.ADMINISTRATOR})
    for name, given, roles, needs, outside in (
        ("planCheckRun", plan, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("approveCheckRun", {"runId": ids["check that is planned"]}, chiefs, Permission.CHECK_APPROVE, "FORBIDDEN"),
        ("pauseCheckRun", {"runId": ids["check that is running"]}, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("resumeCheckRun", {"runId": ids["check that is paused"]}, chiefs, Permission.CHECK_APPROVE, "FORBIDDEN"),
        ("endCheckRun", {"runId": ids["check that is planned"]}, OFFICERS, Permission.CHECK_PLAN, "FORBIDDEN"),
        ("proposeCheckRule", rule, chiefs, Permission.CHECK_RULE, "FORBIDDEN"),
        ("approveCheckRule", {"ruleId": ids["rule that waits"]}, chiefs, Permission.CHECK_RULE, "NOT_FOUND"),
    ):  # fmt: skip
        takes = {
            "plan": "PlanCheckRunInput",
            "propose": "ProposeCheckRuleInput",
            "approveCheckRule": "CheckRuleActInput",
        }
        input = next((kind for start, kind in takes.items() if name.startswith(start)), "CheckRunActInput")
        yield _payload_cell(name, input, given, roles, (needs,), outside)
    named, decides = {"discrepancyId": ids["discrepancy"]}, (Permission.CHECK_DECIDE,)
    for name in ("confirmDiscrepancy", "dismissDiscrepancy"):
        yield _payload_cell(name, "DiscrepancyActInput", named, OFFICERS, decides, "NOT_FOUND")
    act = named | {"effectiveDate": clock.today().isoformat(), "reason": "703", "legalBasis": "correct"}
    needs_both = (*decides, Permission.LICENCE_CORRECT)
    yield _payload_cell("applyDiscrepancy", "ApplyDiscrepancyInput", act, OFFICERS, needs_both, "NOT_FOUND")


def _payload_cell(
    name: str, input: str, given: Mapping[str, object], roles: frozenset[Role], needs: tuple[Permission, ...],
    outside: str,
) -> Cell:  # fmt: skip
    """A verb that is only validated. Whoever lacks its permission is told so before anything is looked for."""
    document = f"mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code rule }} }} }}"
    variables = {"input": {**given, "validateOnly": True}}
    return Cell(name, document, variables, roles, needs, outside=outside, permission_first=True)


def _check_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Runs, the queue, one of it opened, and rules."""
    chiefs, evidence = frozenset({Role.ADMINISTRATOR}), f'(discrepancyId: "{ids["discrepancy"]}")'
    run = f'(id: "{ids["check that is planned"]}")'
    for name, asked, roles, needs, outside in (
        ("checkSources", "", OFFICERS, Permission.CHECK_PLAN, PERMITTED),
        ("checkRuns", "{ nodes { id } }", OFFICERS, Permission.CHECK_READ, "empty"),
        ("checkRun", f"{run} {{ id report {{ progress {{ state }} }} }}", OFFICERS, Permission.CHECK_READ, "FORBIDDEN"),
        ("discrepancies", "{ totalCount nodes { id } }", OFFICERS, Permission.CHECK_OPEN, PERMITTED),
        ("discrepancyEvidence", f"{evidence} {{ differing }}", OFFICERS, Permission.CHECK_OPEN, "null"),
        ("checkRules", "{ id }", chiefs, Permission.CHECK_RULE, "empty"),
    ):  # fmt: skip
        yield Cell(name, f"{{ {name}{asked} }}", {}, roles, (needs,), outside=outside, permission_first=True)


FEED = {"connector": "licence_registration", "profession": "doctor"}
ABOUT_FEED = 'connector: "licence_registration", profession: "doctor"'


def _feed_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on the exchange with other systems."""
    chiefs, needs = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    for name, input, more in (
        ("beginFeedAnew", "FeedActInput", {}),
        ("setFeedMaster", "SetFeedMasterInput", {"path": "register.domicile_code", "master": "THEIRS"}),
        ("settleFeedConflict", "SettleFeedConflictInput", {"changeId": ids["conflict"]}),
    ):
        yield _payload_cell(name, input, FEED | more, chiefs, needs, "FORBIDDEN")


def _feed_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Feeds, their items, conflicts, and the book of media."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    change = f'({ABOUT_FEED}, changeId: "{ids["conflict"]}")'
    for name, asked, needs, outside in (
        ("feeds", "{ number }", manages, "empty"),
        ("feedItems", f"({ABOUT_FEED}) {{ path }}", manages, "FORBIDDEN"),
        ("feedConflicts", f"({ABOUT_FEED}) {{ outcome }}", manages, "FORBIDDEN"),
        ("feedConflictEvidence", f"{change} {{ reason }}", (*manages, Permission.PERSONAL_READ), "FORBIDDEN"),
        ("feedMedia", f"({ABOUT_FEED}) {{ label }}", (Permission.EXCHANGE_CARRY,), "FORBIDDEN"),
    ):
        yield Cell(name, f"{{ {name}{asked} }}", {}, chiefs, needs, outside=outside, permission_first=True)


def _paper_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Numbers from paper, media and pass lists: of care workers alone, so that there are none of doctors."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), Permission.EXCHANGE_MANAGE
    batch = f'{ABOUT_FEED}, batchId: "{ids["conflict"]}"'
    for name, asked, permission in (
        ("paperBatches", f"({ABOUT_FEED}) {{ count }}", manages),
        ("paperBatchLines", f"({batch}) {{ outcome }}", manages),
        ("carriedMedia", f"({ABOUT_FEED}) {{ label }}", Permission.EXCHANGE_CARRY),
    ):
        yield Cell(
            name,
            f"{{ {name}{asked} }}",
            {},
            chiefs,
            (permission,),
            outside="FORBIDDEN",
            permitted="NOT_FOUND",
        )
    certificate, overdue = (
        f"{{ paperCertificate({batch}, proof: ERASURE) }}",
        "{ overduePaperBatches { count } }",
    )
    yield Cell(
        "paperCertificate", certificate, {}, chiefs, (manages,), outside="FORBIDDEN", permitted="NOT_FOUND"
    )
    yield Cell("overduePaperBatches", overdue, {}, chiefs, (manages,), permission_first=True)
    checks, said = (Permission.EXAMINATION_CHECK,), "query($candidate: PassCandidate!)"
    given = {
        "candidate": {"profession": "doctor", "year": 2020, "fullName": "見本", "birthDate": "1990-01-15"}
    }
    asked = f"{said} {{ candidatePass(candidate: $candidate) {{ standing }} }}"
    yield Cell("candidatePass", asked, given, CLERKS, checks, outside="FORBIDDEN", permitted="NOT_FOUND")
    lists = '{ passLists(profession: "doctor") { count } }'
    yield Cell("passLists", lists, {}, CLERKS, checks, outside="FORBIDDEN", permitted="NOT_FOUND")
    holder = f'{{ holderPass(licenceId: "{ids["registered"]}") {{ standing }} }}'
    yield Cell(
        "holderPass", holder, {}, CLERKS, checks, outside="null", permission_first=True, permitted="NOT_FOUND"
    )


def _number_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Numbers that go to the existing system."""
    chiefs, manages, today = (
        frozenset({Role.ADMINISTRATOR}),
        Permission.EXCHANGE_MANAGE,
        clock.today().isoformat(),
    )
    basis = {"legalBasis": "test", "startDate": today, "endDate": today}
    one = {"basisId": ids["basis that waits"]}
    for name, input, more, permission in (
        ("proposeNumberBasis", "ProposeNumberBasisInput", basis, manages),
        ("approveNumberBasis", "NumberBasisActInput", one, Permission.EXCHANGE_APPROVE),
        ("endNumberBasis", "NumberBasisActInput", one, manages),
        ("handNumbersOverAgain", "FeedActInput", {}, manages),
    ):
        yield _payload_cell(name, input, FEED | more, chiefs, (permission,), "FORBIDDEN")


def _number_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """On which basis they go, how many went, what has to be erased again: nothing was yet."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    for name, asked, permitted in (
        ("numberBases", f"({ABOUT_FEED}) {{ id }}", PERMITTED),
        ("handedNumbers", f"({ABOUT_FEED})", PERMITTED),
        ("numberErasures", f"({ABOUT_FEED}) {{ id }}", PERMITTED),
        ("numberErasureReceipt", f'({ABOUT_FEED}, erasureId: "{ids["conflict"]}")', "NOT_FOUND"),
    ):
        yield Cell(
            name, f"{{ {name}{asked} }}", {}, chiefs, manages, outside="FORBIDDEN", permitted=permitted
        )


def _job_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Jobs belong to no profession: a caller's scope changes nothing."""
    chiefs, needs, named = (
        frozenset({Role.ADMINISTRATOR}),
        (Permission.JOB_MANAGE,),
        {"jobId": ids["dead job"]},
    )
    for name in ("retryJob", "discardJob"):
        yield _payload_cell(name, "JobActInput", named, chiefs, needs, PERMITTED)


def _job_records() -> Iterator[Cell]:
    """What waits and what is dead."""
    for document in ("{ jobs { nodes { id } } }", "{ jobCounts { count } }"):
        chiefs, needs = frozenset({Role.ADMINISTRATOR}), (Permission.JOB_MANAGE,)
        yield Cell(document.split()[1], document, {}, chiefs, needs, permission_first=True)


def _family_records() -> Iterator[Cell]:
    """What was asked, as those read it who may."""
    for name, asked in (
        ("familyBatches", '(profession: "doctor") { nodes { id } }'),
        ("familyInquiries", '(profession: "doctor") { nodes { id } }'),
        ("familyStatistics", '(profession: "doctor", since: "2026-01-01", until: "2026-12-31") { overdue }'),
    ):
        readers, needs = OFFICERS | {Role.AUDITOR}, (Permission.FAMILY_READ,)
        yield Cell(name, f"{{ {name}{asked} }}", {}, readers, needs, outside="FORBIDDEN")


def _partner_verb(
    name: str, given: Mapping[str, object], roles: frozenset[Role], permission: Permission
) -> Cell:
    own = {"applyPartner", "proposePartnerKeys"}
    input = f"{name[0].upper()}{name[1:]}Input" if name in own else "PartnerActInput"
    asked = f"{name}(input: $input) {{ partner {{ id }} userErrors {{ code rule }} }}"
    document = f"mutation($input: {input}!) {{ {asked} }}"
    return Cell(name, document, {"input": given}, roles, (permission,), permission_first=True)


def _resident_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on inquiries at the resident-record network, which no address is known of here."""
    given: dict[str, object] = {"profession": "doctor", "validateOnly": True}
    chiefs = frozenset({Role.ADMINISTRATOR})
    start = given | {"key": "FACTS", "licenceIds": [ids["registered"]]}
    decision = given | {"runId": ids["run that is requested"]}
    for name, roles, permission, input in (
        ("startResidentRun", OFFICERS, Permission.RESIDENT_ASK, start),
        ("approveResidentRun", chiefs, Permission.RESIDENT_APPROVE, decision),
        ("withdrawResidentRun", OFFICERS, Permission.RESIDENT_ASK, decision),
    ):
        taken = "StartResidentRunInput" if "key" in input else "ResidentRunActInput"
        asked = f"{name}(input: $input) {{ run {{ id }} userErrors {{ code rule }} }}"
        document = f"mutation($input: {taken}!) {{ {asked} }}"
        yield Cell(name, document, {"input": input}, roles, (permission,), outside="FORBIDDEN")
    search = {"profession": "doctor", "key": "INDIVIDUAL_NUMBER", "number": NUMBER}
    yield Cell(
        "searchResidents", "mutation($input: SearchResidentsInput!) {"
        " searchResidents(input: $input) { candidates { fullName } userErrors { code rule } } }",
        {"input": search}, CLERKS, (Permission.RESIDENT_SEARCH,), outside="FORBIDDEN",
        permitted="SOURCE_UNAVAILABLE",
    )  # fmt: skip
    yield Cell(
        "obtainNumber", "mutation($input: ObtainNumberInput!) {"
        " obtainNumber(input: $input) { outcome userErrors { code rule } } }",
        {"input": {"licenceId": ids["registered"]}}, CLERKS,
        (Permission.RESIDENT_SEARCH, Permission.NUMBER_ENROL), outside="NOT_FOUND", permission_first=True,
        permitted="SOURCE_UNAVAILABLE",
    )  # fmt: skip


def _act(basis: str, **more: object) -> dict[str, object]:
    return {
        "idempotencyKey": str(uuid4()), "effectiveDate": clock.today().isoformat(), "reason": "703",
        "legalBasis": basis, "validateOnly": True, **more,
    }  # fmt: skip


def spelt(values: Mapping[str, str]) -> dict[str, object]:
    """The items of an entry as the API spells them."""
    return {camel(n): int(v) if n == "national_exam_year" else v for n, v in values.items()}


def _item_verb(
    code: str, verb: str, given: Mapping[str, object], roles: frozenset[Role], needs: Permission, outside: str,
    variant: str = "",
) -> Cell:  # fmt: skip
    name = f"{verb}{code.capitalize()}Licence"
    return Cell(
        name, _verb_document(name, f"{name[0].upper()}{name[1:]}Input"), {"input": given}, roles, (needs,),
        outside=outside, profession=code, variant=variant,
    )  # fmt: skip


def _act_verb(
    verb: Verb, name: str, id: str, version: int, roles: frozenset[Role], more: Mapping[str, object] | None = None
) -> Cell:  # fmt: skip
    given = _act(verb.value, **{"licenceId": id, "expectedVersion": version, **(more or {})})
    given = {key: value for key, value in given.items() if value is not None}
    made = f"{name[0].upper()}{name[1:]}Input" if "kind" in given else "LicenceActInput"
    document = _verb_document(name, "DispositionActInput" if "dispositionId" in given else made)
    needs = (Permission(f"registry:licence:{verb}"),)
    return Cell(name, document, {"input": given}, roles, needs, outside="NOT_FOUND")


def _verb_document(name: str, input: str) -> str:
    return f"mutation($input: {input}!) {{ {name}(input: $input) {{ licence {{ id }} userErrors {{ code rule }} }} }}"


def queries(ids: Mapping[str, str], pseudonym: str) -> Iterator[Cell]:
    """Every root field, and the arguments that take a permission of their own."""
    read = (Permission.LICENCE_READ,)
    by_id = {"id": ids["registered"]}
    yield Cell("node", "query($id: ID!) { node(id: $id) { id } }", by_id, ALL, read, outside="null")
    many = {"ids": [ids["registered"]]}
    yield Cell("nodes", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", many, ALL, read, outside="null")
    key = {"profession": "doctor"}
    for variant, by in (
        ("by id", by_id),
        ("by pseudonym", {"pseudonym": pseudonym}),
        ("by register number", {"registrationNumber": {**key, "number": doctor()["registration_number"]}}),
    ):
        yield Cell("licence", _LICENCE, {"by": by}, ALL, read, outside="null", variant=variant)
    by_number = {"by": {"individualNumber": {**key, "number": NUMBER}}}
    yield Cell(
        "licence", _LICENCE, by_number, CLERKS, (*read, Permission.NUMBER_FIND), outside="FORBIDDEN",
        variant="by individual number",
    )  # fmt: skip
    yield Cell("professions", "{ professions { code } }", {}, ALL, read, outside=PERMITTED)
    yield Cell("viewer", "{ viewer { account } }")
    for code in ("doctor", "veterinarian"):
        name = f"{code}Licences"
        yield Cell(
            name, f"{{ {name} {{ nodes {{ id }} }} }}", {}, ALL, read, outside="empty", profession=code
        )
    for variant, given in (
        ("by name", {"name": {"family": doctor()["family_name"]}}),
        ("by birth date", {"birthDate": doctor()["birth_date"]}),
    ):
        yield Cell(
            "doctorLicences",
            "query($filter: DoctorLicenceFilter) { doctorLicences(filter: $filter) { nodes { id } } }",
            {"filter": given}, CLERKS, (*read, Permission.PERSONAL_READ), outside="empty", variant=variant,
        )  # fmt: skip
    known, seers = {"id": ids["partner that is approved"]}, OFFICERS | AUDITORS
    for name, document, given in (
        ("partners", "{ partners { id actions { verb } } }", {}),
        ("partner", "query($id: ID!) { partner(id: $id) { id actions { verb } } }", known),
    ):
        needs = (Permission.PARTNER_READ,)
        yield Cell(name, document, given, seers, needs, permission_first=True)
    asked = "query($id: ID!) { residentGlyphs(id: $id) { subjectIdentification } }"
    yield Cell("residentGlyphs", asked, by_id, CLERKS, (Permission.REPLY_READ,), permission_first=True)
    run, readers = {"id": ids["run that is requested"]}, OFFICERS | AUDITORS
    for name, document, given in (
        ("residentRuns", '{ residentRuns(profession: "doctor") { nodes { id } } }', {}),
        ("residentRun", 'query($id: ID!) { residentRun(profession: "doctor", id: $id) { id } }', run),
    ):
        yield Cell(name, document, given, readers, (Permission.RESIDENT_READ,), outside="FORBIDDEN")
    yield from _family_records()
    yield from _connector_records()
    yield from _check_records(ids)
    yield from _feed_records(ids)
    yield from _paper_records(ids)
    yield from _number_records(ids)
    yield from _job_records()
    for table in (
        "licenceTypes", "domiciles", "examSites", "reasons", "ministers", "bureauDirectors", "schools",
        "chiefMedicalOfficers", "dispositionContents",
    ):  # fmt: skip
        yield Cell(table, f"{{ {table} {{ validFrom }} }}", {}, ALL, (Permission.CODE_READ,))


_LICENCE = "query($by: LicenceKey!) { licence(by: $by) { id } }"
PERSONAL = (Permission.PERSONAL_READ,)
FIELDS: Mapping[str, tuple[str, frozenset[Role], tuple[Permission, ...], str]] = {
    "accesses": ("accesses { at }", AUDITORS, (Permission.AUDIT_READ,), "FORBIDDEN"),
    "at": ("at { id }", ALL, (), ""),
    "certificates": ("certificates { format }", CLERKS, PERSONAL, "empty"),
    "certificateClaims": ("certificateClaims { name value redacted }", CLERKS, PERSONAL, "redacted"),
    "dispositions": ("dispositions { id }", CLERKS, PERSONAL, "empty"),
    "history": ("history { nodes { id } }", HISTORIANS, (Permission.HISTORY_READ,), "FORBIDDEN"),
    "holder": ("holder { fullName redacted { item } }", CLERKS, PERSONAL, "redacted"),
    "id": ("id", ALL, (), ""),
    "individualNumber": ("individualNumber { held }", ALL, (), ""),
    "numbers": ("numbers { individualNumber { held } }", ALL, (), ""),
    "profession": ("profession { code }", ALL, (), ""),
    "pseudonym": ("pseudonym", ALL, (), ""),
    "registrationDate": ("registrationDate", CLERKS, PERSONAL, "null"),
    "registrationNumber": ("registrationNumber", CLERKS, PERSONAL, "null"),
    "state": ("state", ALL, (), ""),
    "stateLabel": ("stateLabel", ALL, (), ""),
    "version": ("version", ALL, (), ""),
    "viewerMay": ("viewerMay", ALL, (), ""),
}
"""What a doctor's licence shows beside its groups: selection, who sees it, what it takes, what others get."""
VERSION_FIELDS = frozenset(
    {"effectiveDate", "holder", "id", "number", "pluginVersion", "recordedAt", "state", "stateLabel"}
)


def licence_fields(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Every field of a licence that is no group of items. The suspended one has a disposition, and no claims."""
    for name, (selection, roles, needs, denied) in FIELDS.items():
        document = (
            f"query($by: LicenceKey!) {{ licence(by: $by) {{ ... on DoctorLicence {{ {selection} }} }} }}"
        )
        standing = "registered" if name == "certificateClaims" else "suspended"
        yield Cell(
            f"DoctorLicence.{name}", document, {"by": {"id": ids[standing]}}, roles, needs, denied, "null"
        )


MAY_BE_EMPTY = (
    "professions", "DoctorLicence.viewerMay", "dispositionContents", "familyBatches", "familyInquiries",
    "connectorEvidence", "feedMedia", "numberErasures", "overduePaperBatches", "residentGlyphs",
)  # fmt: skip
"""Lists of what the caller may, the code table that neither register fills, and what nobody has asked outside
registers: none is no refusal."""


def outcome(answer: Answer, cell: Cell) -> str:
    """An answer in one word: allowed, empty, null, redacted, or the code of its only error."""
    if answer.codes:
        assert len(answer.codes) == 1, answer.text
        return answer.codes[0]
    [found] = answer.data.values()
    if "." in cell.name and found is not None:
        [found] = found.values()
    if isinstance(found, dict) and found.keys() == {"nodes"}:  # Of a connection.
        found = found["nodes"]
    if isinstance(found, dict) and found.get("userErrors"):
        [error] = found["userErrors"]
        return str(error["code"])
    if found is None or found == [None]:
        return "null"
    if isinstance(found, dict) and found.get("redacted"):
        return "redacted"
    if isinstance(found, list) and any(isinstance(row, dict) and row.get("redacted") for row in found):
        assert not any(row["value"] for row in found if row["redacted"]), answer.text
        return "redacted"
    return "empty" if found == [] and cell.name not in MAY_BE_EMPTY else PERMITTED


async def _disposition(api: Api, token: str, licence: str) -> str:
    """The id of a licence's one disposition."""
    document = "query($by: LicenceKey!) { licence(by: $by) { ... on DoctorLicence { dispositions { id } } } }"
    found = await api.call(token, document, {"by": {"id": licence}})
    [disposition] = found.data["licence"]["dispositions"]
    return str(disposition["id"])


async def cells(registers: Registers) -> list[Cell]:
    """The whole matrix, for one caller."""
    token = registers.granted()
    ids = registers.ids
    for standing in ("suspended", "revoked"):
        ids |= {f"disposition of the {standing}": await _disposition(registers.api, token, ids[standing])}
    document = "query($by: LicenceKey!) { licence(by: $by) { pseudonym } }"
    found = await registers.api.call(token, document, {"by": {"id": ids["registered"]}})
    pseudonym = found.data["licence"]["pseudonym"]
    ids |= await _partners(registers.api.installation)
    ids |= await _run(registers)
    await _symbol(registers.api.installation, pseudonym)
    ids |= {"request that waits": await _request(registers.api.installation)}
    ids |= await _checks(registers)
    ids |= {"conflict": await _conflict(registers), "dead job": await _dead_job(registers.api.installation)}
    return [*mutations(ids), *queries(ids, pseudonym), *licence_fields(ids)]


async def _request(installation: Installation) -> str:
    """A request to an outside system that was not sent."""
    scope = installation.scopes.of("doctor")
    async with installation.register.write([scope]) as work:
        licence = await work.connection.scalar(select(tables.licence.c.id).limit(1))
        row = {
            "id": uuid4(), "scope": scope, "licence_id": licence, "connector": "intermediate_server",
            "type": "obtain_symbol", "status": "requested", "requested_at": clock.now(), "key_version": 1,
            "sealed": b"sealed",
        }  # fmt: skip
        await work.connection.execute(insert(link_message), row)
        await work.commit()
    return str(row["id"])


async def _checks(registers: Registers) -> dict[str, str]:
    """The ids of runs in three states, of a rule that waits, and of a discrepancy that somebody moved."""
    installation, asker = registers.api.installation, principal(Role.ADMINISTRATOR, account="asker")
    checks, scope = installation.checks, installation.scopes.of("doctor")
    rule = Rule(profession="doctor", outcome=CheckOutcome.MOVED, start_date=clock.today(), automatic=False)
    ids = {"rule that waits": str((await checks.rules.propose(asker, rule)).id)}
    for state in (RunState.PLANNED, RunState.RUNNING, RunState.PAUSED):
        run = await checks.runs.plan(asker, Plan(source="residents", professions=("doctor",)))
        ids[f"check that is {state}"] = str(run.id)
        async with installation.register.write([scope]) as work:
            await work.connection.execute(
                update(check_run).where(check_run.c.id == run.id).values(state=state)
            )
            await work.commit()
    basis = Basis(legal_basis="test", start_date=clock.today(), end_date=clock.today())
    proposed = await installation.exchange.numbers.propose(asker, FEED["connector"], "doctor", basis)
    return ids | {"basis that waits": str(proposed), "discrepancy": await _discrepancy(registers, run.id)}


async def _conflict(registers: Registers) -> str:
    """The id of a change of the registered doctor's name over there, which is ours to change."""
    installation, licence = registers.api.installation, registers.licences["registered"]
    wanted = TheirChange(uuid4(), "L-UNKNOWN", clock.today(), "201", {"register.family_name": "変更"})
    scope = installation.scopes.of("doctor")
    async with installation.register.write([scope]) as work:
        noted = Outcomes(FEED["connector"], scope, installation.keys)
        await noted.note(work.connection, wanted, licence, FeedOutcome.OUR_ITEM)
        await work.commit()
    return str(wanted.id)


async def _dead_job(installation: Installation) -> str:
    """The id of a job that failed too often."""
    async with installation.register.write() as work:
        id = await enqueue(work.connection, BEAT, Nothing())
        await work.connection.execute(update(job).where(job.c.id == id).values(state=JobState.DEAD))
        await work.commit()
    return str(id)


async def _discrepancy(registers: Registers, run: UUID) -> str:
    """The id of a discrepancy of the registered doctor, whose name was told to be another."""
    installation, licence = registers.api.installation, registers.licences["registered"]
    scope, id, batch, at = installation.scopes.of("doctor"), uuid4(), uuid4(), clock.now()
    held, told = Held(family_name="見本"), Told(name="変更　花子", kana="ヘンコウ　ハナコ")
    async with installation.register.write([scope]) as work:
        known = await open_licence(work.connection, installation.host["doctor"], installation.keys, licence)
        assert known is not None
        judged = Judgement(CheckOutcome.RENAMED, frozenset({Item.NAME}))
        sealed = seal_evidence(known.secret, licence, id, held, Reply(Found.NUMBER, (told,)), judged)
        row = {
            "id": batch,
            "scope": scope,
            "run_id": run,
            "number": 1,
            "first_id": licence,
            "last_id": licence,
        }
        await work.connection.execute(insert(check_batch), row | {"size": 1, "state": "done"})
        found = {
            "id": id, "scope": scope, "licence_id": licence, "version": 1, "batch_id": batch,
            "source": "residents", "outcome": judged.outcome, "state": "open", "found_at": at, "sealed": sealed,
        }  # fmt: skip
        await work.connection.execute(insert(check_discrepancy), found)
        await work.commit()
    return str(id)


async def _symbol(installation: Installation, pseudonym: str) -> None:
    """The vault holds a symbol by which the family register is asked about the licence."""
    profession = installation.host["doctor"]
    await installation.identity.enrol_for(
        principal(), profession=profession.code, file=profession.file, pseudonym=LicencePseudonym(pseudonym),
        numbers={NumberKind.INSTITUTION_CODE: "symbol-1"}, verified_by=VerifiedBy.RESIDENT_RECORD_NETWORK,
        operation="test",
    )  # fmt: skip


async def _partners(installation: Installation) -> dict[str, str]:
    """The ids of three partners by their state."""
    waiting = await partners.applied(installation)
    entered = await partners.approved(installation)
    suspended = await partners.acted(
        installation, partners.APPLICANT, PartnerVerb.SUSPEND, await partners.approved(installation)
    )
    return {f"partner that is {each.state}": each.id for each in (waiting, entered, suspended)}


async def _run(registers: Registers) -> dict[str, str]:
    """The id of a run that waits for a second person."""
    runs, about = registers.api.installation.residents.runs, [registers.licences["registered"]]
    asker = principal(Role.OFFICER, account="asker")
    made = await runs.start(asker, "doctor", Key.FACTS, about)
    assert made is not None
    return {"run that is requested": str(made.id)}


@dataclass(slots=True)
class Book:
    """What the stores held after the last cell."""

    api: Api
    digest: str = ""
    leaf: int = 0

    async def turn(self, *, reading: bool = False) -> tuple[bool, list[str]]:
        """(whether a row has changed, the outcomes of new refusal leaves) since the last time.

        What a query changed shows at the next turn that looks at the rows: digests of everything take long.
        """
        leaves = await self.api.leaves(self.leaf)
        digest = self.digest if reading else await self.api.digest()
        changed, self.digest = digest != self.digest, digest
        self.leaf = max([self.leaf, *(number for number, _ in leaves)])
        return changed, [leaf.outcome for _, leaf in leaves if leaf.kind == "refusal"]


async def judge(book: Book, token: str, cell: Cell) -> tuple[str, bool, list[str]]:
    """(outcome, whether a refusal changed a row, refusal leaves) of one cell."""
    got = outcome(await book.api.call(token, cell.document, cell.variables), cell)
    changed, refused = await book.turn(reading=cell.document.startswith(("query", "{")))
    return got, changed and got != PERMITTED, refused


def told(expected: str, cell: Cell) -> tuple[str, bool, list[str]]:
    """What `judge` should find: a refusal leaves one leaf and changes nothing."""
    by_hand = cell.name.endswith(("Number", "Portal"))
    leaf = "REFUSED" if expected == "NOT_FOUND" and by_hand else expected
    return expected, False, [leaf] if expected in REFUSED else []


async def test_what_is_compared_tells_every_change(api: Api) -> None:
    before = await api.digest()
    assert await api.digest() == before
    await partners.applied(api.installation)
    assert await api.digest() != before


@pytest.mark.parametrize("role", Role)
async def test_every_verb_and_field_by_role_and_scope(registers: Registers, role: Role) -> None:
    matrix = await cells(registers)
    book = Book(registers.api)
    await book.turn()
    wrong = {}
    for scope in SCOPES:
        token = await registers.api.sign_in(role, *scope)
        await book.turn()
        for cell in matrix:
            got, wanted = await judge(book, token, cell), told(cell.expected(role, scope), cell)
            if got != wanted:
                wrong[scope, cell.label] = {"got": got, "wanted": wanted}
        assert await book.turn() == (False, [])
    assert wrong == {}


ELSEWHERE = {
    *(Permission.CODE_WRITE, Permission.EXPORT_RUN, Permission.IMPORT_RUN, Permission.REPLY_WRITE),
    *(Permission.NUMBER_DESTROY, Permission.SENSITIVE_READ),
    *(Permission.LINK_SEND, Permission.NUMBER_SEND),
}
"""Permissions of commands and of links, of what a verb leads to, and those that mask items one by one: see the test of
masking."""


async def test_every_verb_and_field_without_the_one_permission(registers: Registers) -> None:
    matrix, book = await cells(registers), Book(registers.api)
    await book.turn()
    wrong = {}
    tried: set[Permission] = set()
    for cell in matrix:
        for permission in cell.needs:
            token = registers.granted(permission, professions=(cell.profession,))
            await book.turn(reading=True)
            got, wanted = await judge(book, token, cell), told(cell.denied, cell)
            tried.add(permission)
            if got != wanted:
                wrong[cell.label, permission] = {"got": got, "wanted": wanted}
    assert wrong == {}
    assert set(Permission) - tried == ELSEWHERE


async def test_nobody_without_a_token(registers: Registers) -> None:
    book = Book(registers.api)
    matrix = await cells(registers)
    await book.turn()
    for cell in matrix:
        for token in (None, "meibo_unknown", "x" * 300):
            answer = await registers.api.call(token, cell.document, cell.variables)
            assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"]), cell.label
    assert await book.turn() == (False, [])


async def test_a_verb_of_one_profession_leaves_the_licences_of_others(registers: Registers) -> None:
    token = registers.granted(professions=("doctor", "veterinarian"))
    cell = next(c for c in mutations(registers.ids) if c.name == "correctVeterinarianLicence")
    given = {**_act("correct"), "licenceId": registers.ids["registered"], "expectedVersion": 1}
    given |= {"register": {"registrationNumber": "999"}, "validateOnly": False}
    before = await registers.api.digest()
    answer = await registers.api.call(token, cell.document, {"input": given})
    assert answer.refusals == [("NOT_FOUND", "licence.unknown")]
    assert await registers.api.digest() == before


INTROSPECTION = """{
  __schema { queryType { fields { name } } mutationType { fields { name } } }
  licence: __type(name: "DoctorLicence") { fields { name } }
  version: __type(name: "DoctorLicenceVersion") { fields { name } }
}"""


async def test_the_matrix_is_whole(registers: Registers) -> None:
    """A field that is new in the schema has to say here who may use it."""
    answer = await registers.api.call(registers.granted(), INTROSPECTION)
    schema = answer.data["__schema"]
    matrix = await cells(registers)
    named = {cell.name for cell in matrix}
    for type in ("queryType", "mutationType"):
        assert {f["name"] for f in schema[type]["fields"]} - named == set()
    groups = {field_of(spec) for spec in shown_groups(registers.api.installation.host["doctor"])}
    assert {f["name"] for f in answer.data["licence"]["fields"]} == groups | set(FIELDS)
    # A version shows its dispositions too: the test of masking asks for them there.
    assert {f["name"] for f in answer.data["version"]["fields"]} == groups | VERSION_FIELDS | {"dispositions"}


# --- Masking ----------------------------------------------------------------------------------------------

DAY = date(2020, 5, 1)
SAMPLES: Mapping[str, object] = {
    "text": "見本", "kana": "ミホン", "integer": 1, "date": DAY, "partial_date": PartialDate("1980-01-01"),
    "year_month": YearMonth("2020-05"), "datetime": datetime(2020, 5, 1, tzinfo=UTC), "code": "1", "codes": ("1",),
    "flag": True, "phone": "0000000000", "email": "a@example.jp", "postal_code": "1000001",
    "file": File("0" * 64, "見本.pdf", "application/pdf", 1), "era": "令和", "era_date": EraDate.of(DAY),
}  # fmt: skip
"""A value of each kind that the groups have."""
READERS: Mapping[Privacy, frozenset[Role]] = {
    Privacy.PUBLIC: ALL, Privacy.PERSONAL: CLERKS, Privacy.SENSITIVE: OFFICERS,
}  # fmt: skip


ROWS = {Cardinality.MANY: 1, Cardinality.LIST: 2}
"""How many rows `whole_licence` writes."""


def shown_groups(profession: Profession) -> list[GroupSpec]:
    """The groups of items that a licence shows and whose values may be masked."""
    hidden = (Cardinality.TABLE, Cardinality.VAULT)
    return [spec for spec in profession.groups.values() if spec.cardinality not in hidden]


def field_of(spec: GroupSpec) -> str:
    """The field of a licence that shows a group."""
    return camel(spec.type.about.plural if spec.cardinality is Cardinality.MANY else spec.key)


def samples(spec: GroupSpec) -> dict[str, object]:
    """A value for every item of a group that holds any."""
    made = {i.name: SAMPLES[i.kind.name] for i in spec.items.values() if i.settable}
    return {n: v[: spec.items[n].max_length] if isinstance(v, str) else v for n, v in made.items()}


async def whole_licence(installation: Installation, code: str = "doctor") -> UUID:
    """A licence with a value in every item of every group, written below the checks; each list has two rows."""
    profession, caller = installation.host[code], principal()
    patch = {
        spec.key: (spec.type.of(**samples(spec)),) * 2 if spec.repeats else samples(spec)
        for spec in profession.content_groups
    }
    record = patched(profession.empty(), patch)
    made = Outcome(uuid4(), uuid4())
    assert made.licence is not None
    scope, at = installation.scopes.of(code), clock.now()
    async with installation.register.write([scope]) as work:
        writer = LicenceWriter(work.connection, profession, scope, installation.keys)
        decision = Decision(Verb.REGISTER, DAY, "register", patch, {"reason": "101"})
        add_entry(writer, caller, decision, record, made, new_licence_pseudonym(), f"alias-{code}", at)
        await writer.flush()
        known = await open_licence(work.connection, profession, installation.keys, made.licence)
        assert known is not None
        for spec in profession.reply_groups:
            table, row = tables.group_table(code, spec), uuid4()
            clear, hidden = sealing.split(spec, samples(spec))
            where = sealing.place(table.name, made.licence, row.hex, writer.plugin_version)
            writer.add(
                table, id=row, licence_id=made.licence, recorded_at=at, plugin_version=writer.plugin_version,
                **clear, sealed=sealing.seal_json(known.secret, hidden, where),
            )  # fmt: skip
        order = {"action_id": made.action, "licence_id": made.licence, "recorded_at": at}
        writer.add(tables.number_erasure, **order, done_at=at, gone_after_date=DAY)
        await writer.flush()
        await work.commit()
    return made.licence


def selection(spec: GroupSpec) -> str:
    """All items of a group."""
    nested = {"partial_date", "era_date", "code", "codes", "file"}
    items = spec.items.values()
    inner = " ".join(
        camel(i.name) + (" { __typename }" if isinstance(i.kind, NumberItem) or i.kind.name in nested else "")
        for i in items
    )
    return f"{field_of(spec)} {{ {inner} redacted {{ item reason }} }}"


def masked_items(spec: GroupSpec, role: Role) -> list[str]:
    """The items that a role may not see, by the declaration; replies need the permission for replies besides."""
    whole = spec.cardinality is Cardinality.MANY and role not in CLERKS
    return [i.name for i in spec.items.values() if whole or role not in READERS[i.privacy]]


def check_masking(shown: Mapping[str, Any], spec: GroupSpec, role: Role) -> Iterator[str]:
    """The items of a group that are not as they should be."""
    hidden = masked_items(spec, role)
    wanted = [{"item": camel(name), "reason": "NO_PERMISSION"} for name in hidden]
    if shown["redacted"] != wanted:
        yield f"{spec.key}.redacted"
    for item in spec.items.values():
        if item.storage is not Storage.VAULT and (shown[camel(item.name)] in (None, [])) != (
            item.name in hidden
        ):
            yield f"{spec.key}.{item.name}"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("past", [False, True], ids=["now", "at"])
async def test_every_item_is_masked_as_declared(api: Api, host: Host, role: Role, past: bool) -> None:
    wrong: list[str] = []
    for code in ("doctor", "veterinarian"):
        groups = shown_groups(host[code])
        licence = await whole_licence(api.installation, code)
        inner = " ".join([*map(selection, groups), "dispositions { id }"])
        inner = f"at {{ {inner} }}" if past else inner
        answer = await api.call(
            await api.sign_in(role, code),
            f"query($by: LicenceKey!) {{ licence(by: $by) {{ ... on {pascal(host[code])}Licence {{ {inner} }} }} }}",
            {"by": {"id": api.licence_id(licence)}},
        )
        shown = answer.data["licence"]["at"] if past else answer.data["licence"]
        for spec in groups:
            found = shown[field_of(spec)] if spec.cardinality in ROWS else [shown[field_of(spec)]]
            assert len(found) == ROWS.get(spec.cardinality, 1)
            wrong += [f"{code}.{item}" for row in found for item in check_masking(row, spec, role)]
    assert wrong == []
