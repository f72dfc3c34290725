"""The check page and its files; `tests/conformance/check.mjs` uses them in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from starlette.applications import Starlette

from meibo.demo.keys import make_keys
from meibo.host import Host
from meibo.installation import Installation
from meibo_graphql.check import check_routes
from meibo_graphql.check.routes import FOLDER, labels, shell_script
from meibo_graphql.demo_certificates import certificate_routes
from tests.core.register.doctors import Doctors
from tests.schema.conftest import Api


@pytest.fixture
async def http(host: Host) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=check_routes(host.professions.values()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("path", ["/check", "/check/page.js", "/check/worker.js", "/check/labels.json"])
async def test_the_policy_lets_nothing_in(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert answer.status_code == 200
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' blob:",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["permissions-policy"] == "camera=(self), geolocation=(), microphone=()"


async def test_the_page_holds_no_script_style_or_foreign_address(http: httpx.AsyncClient) -> None:
    html = (await http.get("/check")).text
    assert re.findall(r"<script[^>]*>([^<]*)</script>", html) == [""]
    assert "<style" not in html
    assert not re.search(r"\s(style|on\w+)=", html)
    assert "//" not in html


async def test_the_worker_keeps_all_that_the_page_needs(http: httpx.AsyncClient) -> None:
    told = (await http.get("/check/shell.js")).text
    shell = orjson.loads(told.removeprefix("self.SHELL = ").removesuffix(";\n"))
    answers = {name: await http.get(f"/check/{name}") for name in shell["files"][1:]}

    assert shell["files"][0] == "../check"
    assert {name: a.status_code for name, a in answers.items()} == dict.fromkeys(answers, 200)
    named = {
        match
        for name, answer in answers.items()
        if name.endswith(".js") and not name.startswith("vendor/")
        for match in re.findall(r'from "\./([^"]+)"', answer.text)
    }
    assert named <= answers.keys()
    assert {"page.js", "check.css", "icon.svg", "labels.json", "vendor/libraries.js"} <= answers.keys()


async def test_the_worker_may_keep_the_page_above_it(http: httpx.AsyncClient) -> None:
    assert (await http.get("/check/worker.js")).headers["service-worker-allowed"] == "../check"
    assert "service-worker-allowed" not in (await http.get("/check/page.js")).headers


def test_the_worker_s_version_follows_what_it_keeps(host: Host) -> None:
    assert shell_script(b"{}") == shell_script(b"{}") != shell_script(b'{"new": 1}')


def test_labels_are_those_of_the_certificates(host: Host) -> None:
    doctor = labels(host.professions.values())["urn:meibo:doctor:1"]
    assert doctor.name == ("医師", "Doctor")
    assert doctor.claims["birth_date"] == ("生年月日", "Date of birth")


@pytest.mark.parametrize("path", ["/check/package.json", "/check/../page.html", "/check/%2e%2e/routes.py"])
async def test_nothing_else_is_there(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


def test_what_the_page_says_is_said_in_both_languages() -> None:
    pairs = re.findall(
        r"\[\s*\"((?:[^\"\\]|\\.)+)\",\s*\"((?:[^\"\\]|\\.)+)\",?\s*\]", (FOLDER / "texts.js").read_text()
    )
    assert len(pairs) >= 40
    japanese = re.compile(r"[぀-ヿ一-鿿]")
    languages = [pair for pair in pairs if pair != ("English", "日本語")]
    assert all(japanese.search(ja) and not japanese.search(en) for ja, en in languages)


def test_licences_of_what_others_wrote_come_along() -> None:
    licences = (FOLDER / "vendor" / "LICENSES.txt").read_text()
    for name in ("@peculiar/x509", "cborg", "qr", "reflect-metadata"):
        assert re.search(rf"^{name} [\d.]+ \(", licences, re.MULTILINE)


async def test_a_demo_gives_a_certificate_to_try(installation: Installation) -> None:
    app = Starlette(routes=certificate_routes("/registry"))
    app.state.installation = installation
    make_keys(installation.authority)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as http:
        paths = ("/registry/demo/certificate", "/registry/demo/certificate.svg")
        assert [(await http.get(path)).status_code for path in paths] == [404, 404]
        await Doctors(installation).enter()
        opened, drawn = [await http.get(path) for path in paths]
    await installation.authority.publisher.publish_due()
    outcome = await installation.authority.verifier().qr(opened.headers["location"])

    assert opened.headers["location"].startswith("/check#")
    assert outcome.is_valid
    assert outcome.claims == {"full_name": "見本　花子", "birth_date": "1990-01-15"}
    assert (drawn.headers["content-type"], drawn.text[:5]) == ("image/svg+xml", "<svg ")


async def test_elsewhere_there_is_none(api: Api) -> None:
    assert (await api.http.get("/registry/demo/certificate")).status_code == 404
