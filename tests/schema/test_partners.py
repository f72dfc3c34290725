"""Partners at the registry's API: applied for, approved by somebody else, suspended, ended; refusals as data."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from tests.partners import NUMBER, jwks, new_key
from tests.schema.conftest import Api, Caller

SHOWN = "id version state active name claims keys { kid thumbprint } proposedKeys { kid }"
ERRORS = "userErrors { code rule path ja: message en: message(language: EN) }"


def verb(name: str, input: str = "PartnerActInput") -> str:
    """The document of a mutation."""
    return f"mutation($input: {input}!) {{ {name}(input: $input) {{ partner {{ {SHOWN} }} {ERRORS} }} }}"


APPLY = verb("applyPartner", "ApplyPartnerInput")
ONE = f"query($id: ID!) {{ partner(id: $id) {{ {SHOWN} actions {{ number verb account institution reason }} }} }}"


def form(key: Any = None, **changes: Any) -> dict[str, Any]:
    """What a hospital applies for."""
    made = {
        "idempotencyKey": "apply", "reason": "申請書 第1号", "name": "見本病院", "corporateNumber": NUMBER,
        "purpose": "EMPLOYMENT", "claims": ["full_name"], "binding": "DPOP",
        "jwks": json.dumps(jwks(key or new_key())), "contact": "人事課",
        "expiryDate": (clock.today() + timedelta(days=365)).isoformat(),
    }  # fmt: skip
    return made | changes


async def applied(officer: Caller, **changes: Any) -> dict[str, Any]:
    """A partner that waits."""
    payload = (await officer.ask(APPLY, {"input": form(**changes)}))["applyPartner"]
    assert payload["userErrors"] == []
    return dict(payload["partner"])


def act(partner: dict[str, Any], key: str, **changes: Any) -> dict[str, Any]:
    """The input of another verb."""
    given = {"idempotencyKey": key, "partnerId": partner["id"], "expectedVersion": partner["version"]}
    return {"input": given | {"reason": "確認済み"} | changes}


async def done(caller: Caller, name: str, partner: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The partner after a verb."""
    own = "ProposePartnerKeysInput" if "jwks" in changes else "PartnerActInput"
    given = act(partner, f"{name}-{partner['version']}", **changes)
    payload = (await caller.ask(verb(name, own), given))[name]
    assert payload["userErrors"] == []
    return dict(payload["partner"])


async def test_a_partner_from_application_to_end(api: Api, officer: Caller) -> None:
    chief, key = await api.caller(Role.ADMINISTRATOR), new_key()
    made = await applied(officer, jwks=json.dumps(jwks(key)))
    told = {"kid": key.kid, "thumbprint": key.thumbprint()}
    assert {k: v for k, v in made.items() if k != "id"} == {
        "version": 1, "state": "APPLIED", "active": False, "name": "見本病院", "claims": ["full_name"],
        "keys": [told], "proposedKeys": [],
    }  # fmt: skip
    states = []
    for caller, name in (
        (chief, "approvePartner"), (officer, "suspendPartner"), (chief, "liftPartnerSuspension"),
        (officer, "endPartner"),
    ):  # fmt: skip
        made = await done(caller, name, made)
        states.append((made["state"], made["active"]))
    assert states == [("APPROVED", True), ("SUSPENDED", False), ("APPROVED", True), ("ENDED", False)]
    found = (await officer.ask(ONE, {"id": made["id"]}))["partner"]
    assert [(each["number"], each["verb"], each["reason"]) for each in found["actions"]] == [
        (1, "APPLY", "申請書 第1号"), (2, "APPROVE", "確認済み"), (3, "SUSPEND", "確認済み"),
        (4, "LIFT_SUSPENSION", "確認済み"), (5, "END", "確認済み"),
    ]  # fmt: skip
    listed = (await officer.ask("{ partners { id state } }"))["partners"]
    assert listed == [{"id": made["id"], "state": "ENDED"}]


async def test_new_keys_wait(api: Api, officer: Caller) -> None:
    chief, old, new = await api.caller(Role.ADMINISTRATOR), new_key(), new_key()
    made = await done(chief, "approvePartner", await applied(officer, jwks=json.dumps(jwks(old))))
    made = await done(officer, "proposePartnerKeys", made, jwks=json.dumps(jwks(old, new)))
    assert ([k["kid"] for k in made["keys"]], [k["kid"] for k in made["proposedKeys"]]) == (
        [old.kid], [old.kid, new.kid],
    )  # fmt: skip
    made = await done(chief, "approvePartner", made)
    assert ([k["kid"] for k in made["keys"]], made["proposedKeys"]) == ([old.kid, new.kid], [])


async def test_whoever_applied_does_not_approve(api: Api) -> None:
    chief = await api.caller(Role.ADMINISTRATOR)
    made = await applied(chief)
    payload = (await chief.ask(verb("approvePartner"), act(made, "k")))["approvePartner"]
    assert payload == {
        "partner": None,
        "userErrors": [{
            "code": "NEEDS_SECOND_PERSON", "rule": "partner.second_person", "path": ["partnerId"],
            "ja": "申請や鍵の登録をした方は承認できません。別の方が承認してください。",
            "en": "Whoever applied for it or proposed its keys does not approve it: let somebody else do that.",
        }],
    }  # fmt: skip
    [leaf] = await api.leaves(LeafKind.REFUSAL)
    assert (leaf.operation, leaf.outcome) == ("partner.approve", "partner.second_person")


async def test_a_stale_version_shows_the_present(api: Api, officer: Caller) -> None:
    made = await applied(officer)
    now = await done(officer, "endPartner", made)
    payload = (await officer.ask(verb("endPartner"), act(made, "late")))["endPartner"]
    assert (payload["partner"], [each["rule"] for each in payload["userErrors"]]) == (
        now, ["partner.stale_version"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"jwks": "{"}, "jwks", "partner.keys.count"),
        ({"jwks": "[1]"}, "jwks", "partner.keys.count"),
        ({"jwks": "[" * 100_000}, "jwks", "partner.keys.count"),
        ({"corporateNumber": "1234567890123"}, "corporateNumber", "number.check_digit"),
        ({"binding": "MTLS"}, "certificateThumbprint", "partner.certificate_thumbprint"),
        ({"expiryDate": "2020-01-01"}, "expiryDate", "partner.expiry_date"),
    ],
)
async def test_a_bad_application_says_where(
    officer: Caller, changes: dict[str, Any], path: str, rule: str
) -> None:
    payload = (await officer.ask(APPLY, {"input": form(**changes)}))["applyPartner"]
    assert (payload["partner"], [(e["path"], e["rule"]) for e in payload["userErrors"]]) == (
        None, [([path], rule)],
    )  # fmt: skip
    assert (await officer.ask("{ partners { id } }"))["partners"] == []


async def test_validating_enters_nobody(officer: Caller) -> None:
    payload = (await officer.ask(APPLY, {"input": form(validateOnly=True)}))["applyPartner"]
    assert payload == {"partner": None, "userErrors": []}
    assert (await officer.ask("{ partners { id } }"))["partners"] == []


async def test_an_unknown_partner_is_null(officer: Caller) -> None:
    for id in ("p-00", "p-" + "0" * 20, "\0", ""):
        assert await officer.ask(ONE, {"id": id}) == {"partner": None}
