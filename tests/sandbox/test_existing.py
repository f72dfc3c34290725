"""An existing system's stand-in reads what a register may send it."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey

from meibo_sandbox.existing import RegistrationStandIn
from meibo_sandbox.existing.speaking import TYP

US = "https://meibo.example"


def signed(key: ECKey, type: str, body: Any) -> bytes:
    envelope = {
        "id": str(uuid4()), "iss": US, "aud": "licence_registration", "iat": 0, "type": type, "body": body,
    }  # fmt: skip
    return jws.serialize_compact({"alg": "ES256", "typ": TYP}, json.dumps(envelope).encode(), key).encode()


def test_a_batch_of_licences_with_every_item_filled_is_taken() -> None:
    key = ECKey.generate_key("P-256")
    system = RegistrationStandIn(
        "licence_registration", US, {k: str(v) for k, v in key.as_dict(private=False).items()}
    )
    entries = [{"licence": f"licence-{n}", "items": {"register.address": "a" * 8_000}} for n in range(100)]
    batch = {"profession": "doctor", "series": str(uuid4()), "number": 1, "entries": entries}
    answer = system.respond(message := signed(key, "tell", batch))
    assert (len(message) > 1_000_000, answer.status_code) == (True, 200)
    assert len(system.records["doctor"]) == 100
