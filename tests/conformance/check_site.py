"""python -m tests.conformance.check_site FOLDER: an installation with certificates, served until it is told to stop.

Into FOLDER go the links (links.json), pictures of one QR code (qr.png, qr.svg), and a film of it (camera.mjpeg) that
Chromium takes for its camera. POST /act/VERB lets the office act on the doctor whose links.json has that verb.
"""

from __future__ import annotations

import asyncio
import io
import socket
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
import segno
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from meibo import clock
from meibo.certificates.claims import Claims
from meibo.certificates.qr import issuing as qr
from meibo.demo.keys import make_keys
from meibo.host import load_host
from meibo.installation import Installation, open_installation
from meibo.register.fold import Verb
from meibo.registry.claims import certificate_claims, claim_groups, payload
from meibo.verifying import verifying_of
from meibo_graphql.app import create_app
from tests.core.register.doctors import Doctors
from tests.installed import Template

SHOWN = ("full_name", "birth_date")
"""What a QR code of version 15 has room for, and a photo ID says as well."""
ACTS = ("suspend", "revoke", "strike_off", "midnight")
"""What the office may be asked to do while the page is open; midnight begins a suspension by the date alone."""
DONE = {"suspended": Verb.SUSPEND, "revoked": Verb.REVOKE}
"""What it did before."""
FRAME = 640, 480


class Site:
    """The doctors of an installation, by what becomes of them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.doctors = Doctors(installation)
        self.licences: dict[str, UUID] = {}

    async def enter(self, name: str) -> str:
        """Enter a doctor and give the link of a QR certificate."""
        licence = await self.doctors.enter(str(500001 + len(self.licences)))
        self.licences[name] = licence
        return qr.link(self.installation.authority.names.check_page, await self._certificate(licence))

    async def _certificate(self, licence: UUID) -> bytes:
        opened, profession = self.installation, self.installation.host["doctor"]
        reader, head = self.doctors.reader(), await self.doctors.head(licence)
        groups = {key: (await reader.groups(key, [head]))[0] for key in claim_groups(profession)}
        values, _ = payload(certificate_claims(profession, head, groups, opened.codes))
        assert profession.plugin.certificate is not None
        claims = Claims(profession.plugin.certificate.type, values).only(SHOWN)
        return await opened.authority.issue_qr(opened.scopes.of("doctor"), profession, licence, claims)

    async def act(self, request: Request) -> Response:
        """What the path asks for; nothing is published before the running publisher does."""
        verb, tomorrow = request.path_params["verb"], clock.today() + timedelta(days=1)
        if verb == "midnight":
            await self.installation.authority.publisher.midnight(tomorrow)
        else:
            await self.doctors.act(self.licences[verb], Verb(verb))
        return Response(status_code=204)


async def prepared(installation: Installation, folder: Path) -> Site:
    """The site with its doctors, their links and pictures written, their lists published."""
    make_keys(installation.authority)
    site = Site(installation)
    links = {name: await site.enter(name) for name in ("valid", *DONE, *ACTS)}
    for name, verb in DONE.items():
        await site.doctors.act(site.licences[name], verb)
    tomorrow = clock.today() + timedelta(days=1)
    await site.doctors.act(site.licences["midnight"], Verb.SUSPEND, start_date=tomorrow, end_date=tomorrow)
    publisher = installation.authority.publisher
    await publisher.publish_due()
    await publisher.publish_documents()
    (folder / "links.json").write_bytes(orjson.dumps(links))
    draw(links["valid"], folder)
    return site


def draw(link: str, folder: Path) -> None:
    """The QR code of a link as a picture, a drawing, and a film of one second."""
    (folder / "qr.svg").write_text(qr.picture(link))
    drawn = io.BytesIO()
    segno.make(link, version=qr.VERSION, error="m", boost_error=False).save(drawn, kind="png", scale=5)
    picture = Image.open(drawn).convert("RGB")
    picture.save(folder / "qr.png")
    frame = Image.new("RGB", FRAME, "#d8d8d8")
    frame.paste(picture.rotate(4, expand=True, fillcolor="#d8d8d8"), (80, 10))
    film = io.BytesIO()
    frame.save(film, "jpeg", quality=85)
    (folder / "camera.mjpeg").write_bytes(film.getvalue() * 10)


async def main(folder: Path) -> None:
    """Serve until SIGTERM."""
    with tempfile.TemporaryDirectory() as temporary:
        root, host = Path(temporary), load_host(only=frozenset({"doctor"}))
        settings = await Template(root / "templates", host).settings(None, root / "data")
        async with open_installation(settings, host) as installation:
            site = await prepared(installation, folder)
            async with installation.publishing():
                app: Starlette = create_app(installation, verifying=verifying_of(installation))
                app.routes.append(Route("/act/{verb}", site.act, methods=["POST"]))
                await serve(app)


async def serve(app: Starlette) -> None:
    """Serve on a free port, and say where."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    await server.serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
