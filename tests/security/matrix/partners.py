"""The verbs on partners."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from uuid import uuid4

from meibo.access.permissions import Permission, Role
from tests import partners
from tests.security.matrix.cells import OFFICERS, Cell


def partner_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
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


def _partner_verb(
    name: str, given: Mapping[str, object], roles: frozenset[Role], permission: Permission
) -> Cell:
    own = {"applyPartner", "proposePartnerKeys"}
    input = f"{name[0].upper()}{name[1:]}Input" if name in own else "PartnerActInput"
    asked = f"{name}(input: $input) {{ partner {{ id }} userErrors {{ code rule }} }}"
    document = f"mutation($input: {input}!) {{ {asked} }}"
    return Cell(name, document, {"input": given}, roles, (permission,), permission_first=True)
