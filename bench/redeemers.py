"""The partner that redeems: registered by two people, signed in as the tutorial does, a proof made for each request."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from joserfc.jwk import ECKey

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.principals import Principal
from meibo.consent import Purpose
from meibo.installation import Installation
from meibo.partners import ActRequest, Application, Binding, PartnerVerb
from tests.installed import principal

CLIENT = Path(__file__).parents[1] / "docs/tutorial/verify/python/partner.py"
PATH = "/verify/graphql"
CLAIMS = "profession full_name registration_number registration_date"
QUERY = """mutation($input: RedeemShareTokenInput!) { redeemShareToken(input: $input) {
  verification { reference outcome standing checkedAt statusAsOf subject claims { name value label } receipt }
  allowance { left } userErrors { code } } }"""


@dataclass(frozen=True)
class Redeemer:
    """An approved partner and the key that it signs with."""

    id: str
    key: ECKey

    def sign_in(self, address: str) -> Any:
        """The tutorial's client, signed in at a server."""
        found = importlib.util.spec_from_file_location("partner", CLIENT)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        return module.Partner(address, self.id, self.key)


async def registered(installation: Installation) -> Redeemer:
    """A partner that one person entered and another approved."""
    key = ECKey.generate_key("P-256", auto_kid=True)
    application = Application(
        name="見本病院", corporate_number="7000012050002", purpose=Purpose.EMPLOYMENT,
        claims=tuple(CLAIMS.split()), binding=Binding.DPOP, jwks={"keys": [key.as_dict(private=False)]},
        contact="desk@hospital.example", expiry_date=clock.today() + timedelta(days=1),
    )  # fmt: skip
    waiting = await installation.partners.apply(_person(Role.OFFICER), application, _request())
    assert waiting is not None
    act = _request(partner=waiting.id, expected_version=waiting.version)
    await installation.partners.act(_person(Role.ADMINISTRATOR), PartnerVerb.APPROVE, act)
    return Redeemer(waiting.id, key)


def requests(tokens: Iterable[str], client: Any, path: Path) -> Path:
    """Writes a file of request bodies, one a line, each with its own proof after a tab; gives it back."""
    lines = (f"{_body(token)}\t{client.proof(PATH, client.token)}\n" for token in tokens)
    path.write_text("".join(lines), "utf-8")
    return path


def _body(token: str) -> str:
    given = {"idempotencyKey": token[:16], "token": token, "reference": "r"}
    return json.dumps({"query": QUERY, "variables": {"input": given}})


def _person(role: Role) -> Principal:
    return principal(role, account=f"bench-{role}")


def _request(**fields: Any) -> ActRequest:
    return ActRequest(idempotency_key=str(uuid4()), reason="bench", **fields)
