"""What is asked of registers outside, the systems that stand there, and jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import uuid4

from meibo.access.permissions import Permission, Role
from tests.security.conftest import NUMBER
from tests.security.matrix.cells import CLERKS, OFFICERS, PERMITTED, Cell, payload_cell


def family_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Asking the family register: validated only, which finds that the vault holds no symbol."""
    about = {"profession": "doctor", "licenceIds": [ids["registered"]], "validateOnly": True}
    for name, more in (("obtainFamilySymbols", {}), ("inquireFamilyRegister", {"items": ["deathDate"]})):
        given = {"idempotencyKey": str(uuid4()), **about, **more}
        input = f"{name[0].upper()}{name[1:]}Input"
        asked = f"{name}(input: $input) {{ batch {{ id }} userErrors {{ code rule }} }}"
        document = f"mutation($input: {input}!) {{ {asked} }}"
        needs = (Permission.FAMILY_INQUIRE,)
        yield Cell(name, document, {"input": given}, OFFICERS, needs, outside="FORBIDDEN")


def connector_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Outside systems belong to no profession: a caller's scope changes nothing."""
    for name, given, asked in (
        ("pauseConnector", '(connector: "intermediate_server")', "{ paused }"),
        ("resumeConnector", '(connector: "intermediate_server")', "{ paused }"),
        ("retryRequest", f'(requestId: "{ids["request that waits"]}")', ""),
    ):
        yield _connector_cell(name, f"mutation {{ {name}{given} {asked} }}")


def connector_records() -> Iterator[Cell]:
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


def job_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Jobs belong to no profession: a caller's scope changes nothing."""
    chiefs, needs, named = (
        frozenset({Role.ADMINISTRATOR}),
        (Permission.JOB_MANAGE,),
        {"jobId": ids["dead job"]},
    )
    for name in ("retryJob", "discardJob"):
        yield payload_cell(name, "JobActInput", named, chiefs, needs, PERMITTED)


def job_records() -> Iterator[Cell]:
    """What waits and what is dead."""
    for document in ("{ jobs { nodes { id } } }", "{ jobCounts { count } }"):
        chiefs, needs = frozenset({Role.ADMINISTRATOR}), (Permission.JOB_MANAGE,)
        yield Cell(document.split()[1], document, {}, chiefs, needs, permission_first=True)


def family_records() -> Iterator[Cell]:
    """What was asked, as those read it who may."""
    for name, asked in (
        ("familyBatches", '(profession: "doctor") { nodes { id } }'),
        ("familyInquiries", '(profession: "doctor") { nodes { id } }'),
        ("familyStatistics", '(profession: "doctor", since: "2026-01-01", until: "2026-12-31") { overdue }'),
    ):
        readers, needs = OFFICERS | {Role.AUDITOR}, (Permission.FAMILY_READ,)
        yield Cell(name, f"{{ {name}{asked} }}", {}, readers, needs, outside="FORBIDDEN")


def resident_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
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
