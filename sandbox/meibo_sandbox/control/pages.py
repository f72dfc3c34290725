"""The control page: plain HTML without a script, in Japanese and English, asking for nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from itertools import islice
from pathlib import Path
from string import Template
from typing import TypeVar

from meibo.clock import JAPAN
from meibo_sandbox.control import api
from meibo_sandbox.control.systems import System
from meibo_sandbox.mail import MailServer
from meibo_sandbox.webhooks import WebhookSink
from meibo_sandbox.world import Fault, Kind, Person, World, may_happen

T = TypeVar("T")

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HAPPENINGS: Mapping[Kind, tuple[str, str]] = {
    Kind.MOVED: ("転居", "Move"),
    Kind.RENAMED: ("改姓", "Rename"),
    Kind.NUMBER_CHANGED: ("番号変更", "Change number"),
    Kind.LEFT: ("国外転出", "Go abroad"),
    Kind.DIED: ("死亡", "Die"),
}
FAULTS: Mapping[Fault, tuple[str, str]] = {
    Fault.LATE: ("遅延", "Late"),
    Fault.TWICE: ("二重", "Twice"),
    Fault.LOST: ("応答喪失", "Answer lost"),
    Fault.GARBLED: ("文字化け", "Garbled"),
    Fault.TRUNCATED: ("欠落", "Truncated"),
}
DOWN_SECONDS = 600
SHOWN = 20
"""Events, messages and calls on the page, newest first."""


def page(world: World, systems: Mapping[str, System], mail: MailServer, sink: WebhookSink, find: str) -> str:
    """The page; `find` narrows the people."""
    now = world.now().astimezone(JAPAN)
    return _template().substitute(
        now=f"{now:%Y-%m-%d %H:%M:%S}",
        now_input=f"{now:%Y-%m-%dT%H:%M}",
        people=f"{len(world):,}",
        find=escape(find),
        systems="".join(_system(world, system) for system in systems.values()),
        persons="".join(_person(person, find) for person in api.found(world, find)),
        told=_told(world),
        mails=_entries((f"{m.at.astimezone(JAPAN):%H:%M}", m.subject, ", ".join(m.recipients), m.text)
                       for m in _newest(mail.caught)),
        calls=_entries((f"{c.at.astimezone(JAPAN):%H:%M}", c.name, "", c.body) for c in _newest(sink.calls)),
    )  # fmt: skip


def _system(world: World, system: System) -> str:
    down = world.faults.is_down(system.name, world.now())
    waiting = "、".join(f"{ja} {en}" for ja, en in map(FAULTS.__getitem__, world.faults.waiting(system.name)))
    standing = "停止中 Down" if down else waiting or "正常 Well"
    buttons = "".join(_button("fault", fault, FAULTS[fault]) for fault in FAULTS if fault in system.faults)
    holds = f'<a href="{escape(system.name)}/state">JSON</a>' if system.tells_state else ""
    return (
        f'<tr><th scope="row">{_both(system.label)}</th>'
        f'<td class="{"bad" if down or waiting else "well"}">{escape(standing)}</td>'
        f'<td><form method="post" action="api/systems/{escape(system.name)}">{buttons}'
        f"{_button('down_seconds', str(DOWN_SECONDS), ('10分停止', 'Down 10 min'))}"
        f"{_button('mend', '1', ('復旧', 'Mend'))}</form></td><td>{holds}</td></tr>"
    )


def _person(person: Person, find: str) -> str:
    buttons = "".join(
        _button("happening", kind, texts) for kind, texts in HAPPENINGS.items() if may_happen(person, kind)
    )
    back = f"?find={escape(find)}" if find else ""
    standing, is_well = _standing(person)
    return (
        f'<tr><th scope="row">{escape(person.name)}<small>{escape(person.kana)}</small></th>'
        f'<td class="day">{person.birth_date}<small>{"男 M" if person.sex == "1" else "女 F"}</small></td>'
        f"<td>{escape(person.address)}</td><td>{person.individual_number}</td>"
        f'<td class="{"well" if is_well else "bad"}">{standing}</td>'
        f'<td><form method="post" action="api/people/{person.index}{back}">{buttons}</form></td></tr>'
    )


def _standing(person: Person) -> tuple[str, bool]:
    """What became of a person, and whether all is as usual."""
    if person.died_date:
        return f"死亡 Died<small>{person.died_date}</small>", False
    if person.left_date:
        return f"国外 Abroad<small>{person.left_date}</small>", False
    return ("不参加団体 Not in the network", False) if person.refuses else ("在住 Resident", True)


def _told(world: World) -> str:
    """What was made to happen, newest first."""
    events = [(event, world.person(event.index)) for event in _newest(world.told)]
    return _entries(
        (f"{event.day}", " ".join(HAPPENINGS[event.kind]), person.name if person else "", "")
        for event, person in events
    )


def _entries(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Lines of a list; a sentence where there are none."""
    lines = "".join(
        f"<li><time>{escape(at)}</time> <strong>{escape(title)}</strong> {escape(who)}"
        f"{f'<pre>{escape(text)}</pre>' if text else ''}</li>"
        for at, title, who, text in rows
    )
    return lines or '<li class="none">まだありません。 Nothing yet.</li>'


def _newest(kept: Iterable[T]) -> list[T]:
    return list(islice(reversed(list(kept)), SHOWN))


def _button(name: str, value: str, texts: tuple[str, str]) -> str:
    return f'<button name="{name}" value="{escape(value)}">{_both(texts)}</button>'


def _both(texts: tuple[str, str]) -> str:
    ja, en = map(escape, texts)
    return f'{ja}<small lang="en">{en}</small>'


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "page.html").read_text("utf-8"))
