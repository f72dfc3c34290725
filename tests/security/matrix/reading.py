"""Every root field, and what a licence shows beside its groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meibo.access.permissions import Permission, Role
from tests.security.conftest import NUMBER, doctor
from tests.security.matrix.cells import ALL, AUDITORS, CLERKS, HISTORIANS, OFFICERS, PERMITTED, Cell
from tests.security.matrix.checks import check_records
from tests.security.matrix.exchange import feed_records, number_records, paper_records
from tests.security.matrix.outside import connector_records, family_records, job_records


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
    yield from family_records()
    yield from connector_records()
    yield from check_records(ids)
    yield from feed_records(ids)
    yield from paper_records(ids)
    yield from number_records(ids)
    yield from job_records()
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
