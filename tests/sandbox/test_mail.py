"""The stand-in mail server is spoken to by the standard library's client, over a socket."""

from __future__ import annotations

import asyncio
import smtplib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest

from meibo_sandbox.control import Sandbox
from meibo_sandbox.mail import MailServer
from meibo_sandbox.world import LATE, Fault, PersonList, World


@pytest.fixture
def world() -> World:
    return World(PersonList([]))


@pytest.fixture
def server(world: World) -> MailServer:
    return MailServer(world)


@pytest.fixture
async def port(server: MailServer) -> AsyncIterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    async with server.serving(listening):
        yield listening.getsockname()[1]


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "office@example.jp", "holder@example.jp", "お知らせ"
    made.set_content("登録が完了しました。\n")
    return made


async def sent(port: int) -> str:
    """ "" where the message was taken, else what the server said."""

    def send() -> str:
        with smtplib.SMTP("127.0.0.1", port) as client:
            try:
                client.send_message(message())
            except smtplib.SMTPResponseException as error:
                return f"{error.smtp_code}"
        return ""

    return await asyncio.to_thread(send)


async def test_a_message_is_caught_and_read(server: MailServer, port: int) -> None:
    assert await sent(port) == ""
    [caught] = server.caught
    assert (caught.sender, caught.recipients) == ("office@example.jp", ("holder@example.jp",))
    assert (caught.subject, caught.text) == ("お知らせ", "登録が完了しました。\n")


@pytest.mark.parametrize(("fault", "said", "count"), [(Fault.LOST, "451", 1), (Fault.TWICE, "", 2)])
async def test_faults_spoil_one_message(
    server: MailServer, world: World, port: int, fault: Fault, said: str, count: int
) -> None:
    world.faults.arm("mail", fault)
    assert await sent(port) == said
    assert len(server.caught) == count
    assert await sent(port) == ""
    assert len(server.caught) == count + 1


async def test_who_is_late_says_so_when_the_clock_does(server: MailServer, world: World, port: int) -> None:
    world.faults.arm("mail", Fault.LATE)
    sending = asyncio.create_task(sent(port))
    assert (await asyncio.wait([sending], timeout=0.2))[0] == set()
    while not sending.done():
        world.advance(LATE)
        await asyncio.wait([sending], timeout=0.1)
    assert (await sending, len(server.caught)) == ("", 1)


async def test_it_takes_nothing_while_it_is_down(server: MailServer, world: World, port: int) -> None:
    world.faults.down_until("mail", world.now() + timedelta(minutes=10))
    assert await sent(port) == "421"
    world.advance(timedelta(minutes=10))
    assert await sent(port) == ""
    assert len(server.caught) == 1


async def test_what_nobody_can_read_is_kept_without_text(server: MailServer, port: int) -> None:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail(
                "a@example.jp", ["b@example.jp"], b"Content-Type: text/plain; charset=unknown\r\n\r\n\xff"
            )

    await asyncio.to_thread(send)
    assert [(mail.subject, mail.text) for mail in server.caught] == [("", "")]


async def test_the_sandbox_takes_mail_as_long_as_it_is_served(world: World) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    app = Sandbox(world, mail_socket=listening).app()
    async with app.router.lifespan_context(app):
        assert await sent(listening.getsockname()[1]) == ""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://sandbox.test"
        ) as http:
            [told] = (await http.get("/api/mail")).json()
            shown = (await http.get("/")).text
    assert (told["subject"], told["recipients"]) == ("お知らせ", ["holder@example.jp"])
    assert "登録が完了しました。" in shown
