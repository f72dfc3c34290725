"""A holder signs in, gets a certificate into a wallet, shows it, loses the telephone and ends it: told within a minute.

Everything goes as in an installation: the portal is a process of its own that signs, the office's publishes the lists,
and whoever verifies fetches the trust list and the lists over HTTP. `pytest -s` prints what was measured.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.outcomes import Outcome, State
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.presenting import bind, present, prove
from meibo.certificates.trust import documents
from meibo.demo.keys import make_keys
from meibo.host import Host
from meibo.installation import open_installation
from meibo.settings import Settings
from tests import forking
from tests.core.register.doctors import Doctors
from tests.holders import link
from tests.identity_provider import provider_of, running_provider
from tests.journeys.test_refused_within_a_minute import served, verifier

MINUTE = 60.0
LICENCES = "{ me { licences { id registrationNumber certificates { id format claims state } } } }"
NONCE = "mutation { certificateNonce { nonce audience } }"
ISSUE = """mutation($input: IssueCertificateInput!) { issueCertificate(input: $input) {
  certificate { id } sdJwt userErrors { rule } } }"""
REVOKE = """mutation($input: RevokeCertificateInput!) { revokeCertificate(input: $input) {
  certificate { state } userErrors { rule } } }"""


class Frontend:
    """A frontend of the portal, for one holder who has signed in."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.headers = address, {"authorization": f"Bearer {token}"}

    async def ask(self, query: str, **input: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        body = {"query": query, "variables": {"input": input}}
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            answer = (await http.post(self.address, json=body, headers=self.headers)).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def licence(self) -> dict[str, Any]:
        """The holder's one licence."""
        [found] = (await self.ask(LICENCES))["me"]["licences"]
        return dict(found)

    async def issue(self, key: EllipticCurvePrivateKey) -> dict[str, Any]:
        """What comes of asking for a certificate that shows the number beside the name."""
        given = (await self.ask(NONCE))["certificateNonce"]
        proof = prove(key, audience=given["audience"], nonce=given["nonce"], at=clock.now())
        licence = (await self.licence())["id"]
        answer = await self.ask(ISSUE, licenceId=licence, claims=["registration_number"], proof=proof)
        return dict(answer["issueCertificate"])


@contextmanager
def portal_process(settings: Settings, folder: Path) -> Iterator[str]:
    """The address of `meibo serve --surface portal`, a process that knows nothing of numbers and their keys."""
    unknown = {
        f"MEIBO_{name}"
        for name in ("NUMBERS_URL", "NUMBERS_OWNER_URL", "KEYS_URL", "KEYS_OWNER_URL", "VAULT_KEYS")
    }
    given = forking.told(settings)
    environment = os.environ | {name: given[name] for name in given.keys() - unknown}
    command = [forking.meibo(), "serve", "--surface", "portal"]
    with (folder / "portal.log").open("w") as log:
        running = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            assert line.startswith("GraphQL"), (folder / "portal.log").read_text()
            yield line.split()[1]
        finally:
            running.send_signal(signal.SIGTERM)
            running.communicate(timeout=30)


async def shown(origin: str, text: str, key: EllipticCurvePrivateKey) -> Outcome:
    """What a stranger finds who knows the published trust list alone, when the wallet shows the name and the number."""
    async with httpx.AsyncClient(trust_env=False) as http:
        told = (await http.get(f"{origin}/.well-known/trust.json")).raise_for_status().content
    expected = Expected("https://hospital.example", token_hex(8))
    presentation = bind(present(text), key, audience=expected.audience, nonce=expected.nonce, at=clock.now())
    return await verifier(documents.read(told)).presentation(presentation, expected)


async def until(
    state: State, origin: str, text: str, key: EllipticCurvePrivateKey
) -> tuple[float, Mapping[str, Any]]:
    """Seconds after which a stranger finds that state, and the claims."""
    since = time.monotonic()
    while (outcome := await shown(origin, text, key)).state is not state:
        assert time.monotonic() - since < MINUTE, outcome
        await asyncio.sleep(0.5)
    return time.monotonic() - since, outcome.claims


@pytest.mark.slow
async def test_from_sign_in_to_revoked(
    settings: Settings, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with running_provider() as provider:
        believed = provider_of(provider)
        settings = replace(
            settings, public_url=origin, port=0, professions="doctor", portal_issuer=believed.issuer,
            portal_audience=believed.audience,
        )  # fmt: skip
        async with open_installation(settings, host) as installation, served(settings, listening):
            make_keys(installation.authority)
            pseudonym = await link(installation, await Doctors(installation).enter(), "doctor")
            async with installation.publishing():
                with portal_process(settings, tmp_path) as address:
                    frontend, key = Frontend(address, provider.issue(pseudonym)), new_key()
                    payload = await frontend.issue(key)
                    assert payload["userErrors"] == []
                    valid, claims = await until(State.VALID, origin, payload["sdJwt"], key)
                    assert (claims["full_name"], claims["registration_number"]) == ("見本　花子", "500001")
                    assert set(claims) == {"profession", "full_name", "registration_number"}
                    id = payload["certificate"]["id"]
                    ended = (await frontend.ask(REVOKE, certificateId=id))["revokeCertificate"]
                    assert ended == {"certificate": {"state": "WITHDRAWN"}, "userErrors": []}
                    revoked, _ = await until(State.REVOKED, origin, payload["sdJwt"], key)
                    assert [each["state"] for each in (await frontend.licence())["certificates"]] == [
                        "WITHDRAWN"
                    ]
    with capsys.disabled():
        print(f"\nValid to a stranger after {valid:.1f} s, revoked after {revoked:.1f} s")
