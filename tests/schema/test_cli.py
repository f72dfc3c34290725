"""The server's commands, as an operator runs them."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
import strawberry

from meibo.errors import OperatorError
from meibo.host import Host
from meibo_graphql import exports
from meibo_graphql.licences import pascal
from meibo_graphql.listening import bind_address
from meibo_graphql.portal import portal_schema
from meibo_graphql.registry import registry_schema
from meibo_graphql.verify import verify_schema
from tests import forking

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://\S+/graphql")


def meibo(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A command run to its end."""
    return subprocess.run([forking.meibo(), *words], cwd=cwd, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("surface", "make"),
    [("registry", registry_schema), ("portal", portal_schema), ("verify", lambda _: verify_schema())],
)
def test_the_committed_schema_is_what_the_code_says(
    all_professions: Host, surface: str, make: Callable[[Host], strawberry.Schema]
) -> None:
    for name, text in exports.files(surface, make(all_professions)).items():
        assert (ROOT / "schema" / name).read_text("utf-8") == text, name


def test_every_interface_names_its_types(all_professions: Host) -> None:
    committed = json.loads((ROOT / "schema" / "registry.possibleTypes.json").read_text("utf-8"))
    licences = sorted(f"{pascal(p)}Licence" for p in all_professions.professions.values())
    assert (len(licences), committed["Licence"]) == (10, licences)
    assert committed["Node"] == sorted(
        [*licences, *(f"{n}Version" for n in licences), "Action", "Disposition"]
    )


@pytest.mark.slow
def test_export_compares_and_writes(tmp_path: Path) -> None:
    missing = meibo("schema", "export", "registry", "--check", cwd=tmp_path)
    assert (missing.returncode, "meibo schema export registry" in missing.stderr) == (2, True)
    assert meibo("schema", "export", "registry", cwd=tmp_path).returncode == 0
    assert meibo("schema", "export", "registry", "--check", cwd=tmp_path).returncode == 0
    written = {path.name: path.read_text("utf-8") for path in (tmp_path / "schema").iterdir()}
    assert sorted(written) == ["registry.graphql", "registry.possibleTypes.json"]
    assert meibo("schema", "export", "registry", "--stdout").stdout == written["registry.graphql"]
    (tmp_path / "schema" / "registry.possibleTypes.json").write_text("{}")
    stale = meibo("schema", "export", "registry", "--check", cwd=tmp_path)
    assert (stale.returncode, "registry.possibleTypes.json" in stale.stderr) == (2, True)


@pytest.mark.slow
def test_export_goes_where_an_installation_wants_it(tmp_path: Path) -> None:
    assert meibo("schema", "export", "registry", "--folder", "frontend/api", cwd=tmp_path).returncode == 0
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("registry.*"))
    assert written == ["frontend/api/registry.graphql", "frontend/api/registry.possibleTypes.json"]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demo with three doctors on a free port, in a folder of its own: the process and the API's address."""
    command = [forking.meibo(), "demo", "--ephemeral", "--holders", "3", "--port", "0"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield process, next(found[0] for line in process.stdout if (found := ADDRESS.search(line)))
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_request_under_way_finishes(
    demo: tuple[subprocess.Popen[str], str], tmp_path: Path, stop: signal.Signals
) -> None:
    process, address = demo
    place = urlsplit(address)
    assert place.hostname
    asking = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    body = json.dumps({"account": "demo-officer"}).encode()
    asking.putrequest("POST", "/registry/demo/sign-in")
    asking.putheader("Content-Length", str(len(body)))
    asking.endheaders(body[:5])
    other = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    other.request("GET", "/readyz")  # Once this is answered, the server has read the headers above.
    assert other.getresponse().status == 200
    other.close()
    process.send_signal(stop)
    asking.send(body[5:])
    answer = asking.getresponse()
    assert (answer.status, "token" in json.loads(answer.read())) == (200, True)
    asking.close()
    assert process.wait(30) == 0
    assert list(tmp_path.iterdir()) == []


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.mark.parametrize("text", ["9470", ":9470", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:http"])
def test_the_operators_listener_is_host_and_port(text: str) -> None:
    with pytest.raises(OperatorError, match=r"^MEIBO_OPERATOR_LISTENER is host:port"):
        bind_address(text, "MEIBO_OPERATOR_LISTENER")


@pytest.mark.slow
def test_a_demo_signs_its_holders_in(demo: tuple[subprocess.Popen[str], str]) -> None:
    process, registry = demo
    assert process.stdout is not None
    told = dict(line.split(None, 1) for line in (next(process.stdout) for _ in range(3)))
    portal, provider = told["Portal"].strip(), told["Sign-in"].split()[0]
    assert (portal.endswith("/portal/graphql"), urlsplit(portal).port) == (True, urlsplit(registry).port)
    people = httpx.get(f"{provider}/sandbox/people").json()
    assert len(people) == 20
    for person in people[:3]:
        token = httpx.post(f"{provider}/sandbox/token", data={"subject": person["subject"]}).json()[
            "access_token"
        ]
        answer = httpx.post(
            portal, json={"query": "{ me { displayName licences { registrationNumber } } }"},
            headers={"authorization": f"Bearer {token}"},
        )  # fmt: skip
        me = answer.json()["data"]["me"]
        assert (me["displayName"], len(me["licences"])) == (person["name"], 1)


@pytest.mark.slow
def test_the_holders_of_a_demo_live_in_its_sandbox(demo: tuple[subprocess.Popen[str], str]) -> None:
    process, registry = demo
    assert process.stdout is not None
    told = dict(line.split(None, 1) for line in (next(process.stdout) for _ in range(4)))
    provider, sandbox = (told[name].split()[0] for name in ("Sign-in", "Sandbox"))
    with httpx.Client(transport=httpx.HTTPTransport(retries=5), timeout=60) as http:
        assert http.get(f"{sandbox}/api").json()["people"] == 30
        for person in http.get(f"{provider}/sandbox/people").json():
            [found] = http.get(f"{sandbox}/api/people", params={"find": person["name"]}).json()
            assert found["died_date"] is None
        dead = http.post(f"{sandbox}/api/people/{found['index']}", json={"happening": "died"}).json()
        assert (dead["individual_number"], bool(dead["died_date"])) == (found["individual_number"], True)
        assert searched(http, registry, dead["individual_number"]) == [
            {"fullNameKana": f"{dead['family_name_kana']}　{dead['given_name_kana']}", "livingStatus": "1"}
        ]
        http.post(f"{sandbox}/api/systems/resident_records", json={"down_seconds": 600})
        assert searched(http, registry, dead["individual_number"]) is None


def searched(http: httpx.Client, registry: str, number: str) -> Any:
    """Whom the demo's clerk finds in the resident-record network; None where it does not answer."""
    signed_in = urljoin(registry, "/registry/demo/sign-in")
    token = http.post(signed_in, json={"account": "demo-clerk"}).json()["token"]
    document = "candidates { fullNameKana livingStatus } userErrors { code }"
    answer = http.post(
        registry,
        json={
            "query": f"mutation($i: SearchResidentsInput!) {{ searchResidents(input: $i) {{ {document} }} }}",
            "variables": {"i": {"profession": "doctor", "key": "INDIVIDUAL_NUMBER", "number": number}},
        },
        headers={"authorization": f"Bearer {token}"},
    ).json()
    return answer["data"] and answer["data"]["searchResidents"]["candidates"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("surface", "gone", "query", "answered"),
    [
        ("portal", ("numbers.db", "keys.db"), "{ me { displayName } }", "UNAUTHENTICATED"),
        ("verify", ("links.db", "numbers.db", "keys.db"), "{ me { displayName } }", "VALIDATION_FAILED"),
    ],
)
def test_a_surface_serves_without_the_vault(
    tmp_path: Path, surface: str, gone: tuple[str, ...], query: str, answered: str
) -> None:
    """In a process of its own, with no settings of what it does not reach, and no such files; its figures are told
    to the operator alone."""
    operator = f"127.0.0.1:{free_port()}"
    environment = os.environ | {
        "MEIBO_DATA": str(tmp_path), "MEIBO_PROFESSIONS": "doctor", "MEIBO_OPERATOR_LISTENER": operator,
    }  # fmt: skip
    assert subprocess.run([forking.meibo(), "migrate"], env=environment, timeout=120).returncode == 0
    for name in gone:
        (tmp_path / name).unlink()
    shutil.rmtree(tmp_path / "keys" / "vault", ignore_errors=True)
    command = [forking.meibo(), "serve", "--surface", surface, "--port", "0"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        address = next(found[0] for line in process.stdout if (found := ADDRESS.search(line)))
        assert httpx.get(address.replace(f"/{surface}/graphql", "/readyz")).json() == {"status": "ready"}
        refused = httpx.post(address, json={"query": query}).json()
        assert [error["extensions"]["code"] for error in refused["errors"]] == [answered]
        assert httpx.get(f"http://{operator}/metrics").text.endswith("# EOF\n")
        assert httpx.get(f"http://{operator}/readyz").json() == {"status": "ready"}
        assert httpx.get(f"http://{operator}/{surface}/graphql").status_code == 404
        assert httpx.get(address.replace(f"/{surface}/graphql", "/metrics")).status_code == 404
        assert httpx.get(address.replace(surface, "registry")).status_code == 404
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()
    assert not any((tmp_path / name).exists() for name in gone)
    assert not (tmp_path / "keys" / "vault").exists()
