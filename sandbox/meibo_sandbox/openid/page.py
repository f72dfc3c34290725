"""The page on which one chooses whom to be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from meibo.demo.people import DemoPerson
from meibo_sandbox.openid.grants import Asked

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PERSON = Template("""
      <li><button name="subject" value="$subject">
        <span class="mark" aria-hidden="true">$initial</span>
        <span class="who"><strong>$name</strong><span>$ja</span><span lang="en">$en</span></span>
      </button></li>""")


def page(people: Sequence[DemoPerson], asked: Asked) -> str:
    """The page, with what the client asked for carried along."""
    carried = {
        "client_id": asked.client, "redirect_uri": asked.redirect_uri, "code_challenge": asked.challenge,
        "state": asked.state, "nonce": asked.nonce,
    }  # fmt: skip
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in carried.items()
    )
    purpose = f"Asked by <strong>{escape(asked.client)}</strong>."
    return _page(people, "authorize", purpose, hidden)


def start_page(people: Sequence[DemoPerson]) -> str:
    """The page for whoever opens the provider's address without a client: it hands out a token."""
    return _page(
        people, "sandbox/token", "Here you are given a token; a frontend leads to <code>authorize</code>."
    )


def _page(people: Sequence[DemoPerson], action: str, purpose: str, hidden: str = "") -> str:
    listed = "".join(_person(person) for person in people)
    return _template().substitute(people=listed, action=action, purpose=purpose, hidden=hidden)


def _person(person: DemoPerson) -> str:
    ja, en = person.about
    return PERSON.substitute(
        subject=escape(person.pseudonym), name=escape(person.name), initial=escape(person.name[:1]),
        ja=escape(ja), en=escape(en),
    )  # fmt: skip


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "page.html").read_text("utf-8"))
