"""The verbs on licences and their numbers, and all verbs together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import uuid4

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.register.fold import Verb
from meibo.values.pseudonyms import new_portal_pseudonym
from meibo_graphql.types import camel
from tests.security.conftest import NUMBER, doctor
from tests.security.matrix.cells import CLERKS, OFFICERS, Cell
from tests.security.matrix.checks import check_verbs
from tests.security.matrix.exchange import feed_verbs, number_verbs
from tests.security.matrix.outside import connector_verbs, family_verbs, job_verbs, resident_verbs
from tests.security.matrix.partners import partner_verbs
from tests.veterinarian.installed import ENTRIES

PORTAL = new_portal_pseudonym()


def mutations(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Every verb. Acts are validated only, so that one office serves all cells."""
    for code, values in (
        ("doctor", doctor(7)),
        ("veterinarian", ENTRIES["veterinarian"] | {"registration_number": "7"}),
    ):
        entry = {**act("register"), "register": spelt(values), "effectiveDate": values["registration_date"]}
        yield _item_verb(code, "register", entry, CLERKS, Permission.LICENCE_REGISTER, "FORBIDDEN")
        id = ids["registered" if code == "doctor" else "veterinarian"]
        basis = "correct" if code == "doctor" else "register"
        correction = act(basis, licenceId=id, expectedVersion=1)
        yield _item_verb(code, "correct", correction, CLERKS, Permission.LICENCE_CORRECT, "NOT_FOUND")
    numbered = {
        **act("register"),
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
    yield from partner_verbs(ids)
    yield from resident_verbs(ids)
    yield from family_verbs(ids)
    yield from connector_verbs(ids)
    yield from check_verbs(ids)
    yield from feed_verbs(ids)
    yield from number_verbs(ids)
    yield from job_verbs(ids)
    reveal = {"licenceId": ids["registered"], "purpose": "test", "legalBasis": "number_use"}
    yield Cell(
        "revealNumber", "mutation($input: RevealNumberInput!) {"
        " revealNumber(input: $input) { number userErrors { code rule } } }",
        {"input": reveal}, frozenset({Role.NUMBER_OFFICER}), (Permission.NUMBER_REVEAL,), outside="NOT_FOUND",
        permission_first=True,
    )  # fmt: skip


def act(basis: str, **more: object) -> dict[str, object]:
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
    given = act(verb.value, **{"licenceId": id, "expectedVersion": version, **(more or {})})
    given = {key: value for key, value in given.items() if value is not None}
    made = f"{name[0].upper()}{name[1:]}Input" if "kind" in given else "LicenceActInput"
    document = _verb_document(name, "DispositionActInput" if "dispositionId" in given else made)
    needs = (Permission(f"registry:licence:{verb}"),)
    return Cell(name, document, {"input": given}, roles, needs, outside="NOT_FOUND")


def _verb_document(name: str, input: str) -> str:
    return f"mutation($input: {input}!) {{ {name}(input: $input) {{ licence {{ id }} userErrors {{ code rule }} }} }}"
