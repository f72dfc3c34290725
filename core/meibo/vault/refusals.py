"""Why the vault refuses: sentences without any value, and what happens when two writers meet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from meibo.errors import Finding, FindingCode, Refused

T = TypeVar("T")
TRIES = 3


def duplicate_licence() -> Refused:
    """The pseudonym, or the person's place at the profession, is taken."""
    return _duplicate(
        "pseudonym",
        "vault.one_licence",
        "この資格仮名IDまたはこの資格の登録は、すでにあります。",
        "A licence pseudonym belongs to one person at one profession: there is one already.",
    )


def licensed_already() -> Refused:
    """The number's person has a licence of the profession, or an act that died left one that `reconcile` sweeps."""
    return _duplicate(
        "numbers",
        "vault.licensed_already",
        "この番号の方は、すでにこの資格の登録があります。取込の中断後は、先に meibo reconcile を実行してください。",
        "Whose number this is has a licence of this profession already. After an interrupted import, run"
        " `meibo reconcile` first.",
    )


def duplicate_portal() -> Refused:
    """The portal pseudonym, or the person's place at the portal, is taken."""
    return _duplicate(
        "portal_pseudonym",
        "vault.one_portal",
        "このマイナポータル仮名IDは、すでに別の登録に使われています。",
        "A portal pseudonym belongs to one person, and a person has one.",
    )


def duplicate_number() -> Refused:
    """The number is enrolled for another person, or another act used the enrolment id."""
    return _duplicate(
        "numbers",
        "vault.one_person",
        "この番号は、すでに別の方の番号として登録されています。本人確認をやり直してください。",
        "This number is enrolled for another person: check whose number it is.",
    )


def several_persons() -> Refused:
    """The vault knows one human being as two persons; a member of staff decides."""
    return _duplicate(
        "numbers",
        "vault.several_persons",
        "番号と登録の間に食い違いがあります。担当者が確認してください。",
        "These numbers and licences point to more than one person: a member of staff must decide.",
    )


def _duplicate(path: str, rule: str, ja: str, en: str) -> Refused:
    return Refused(Finding(path, ja, en, FindingCode.DUPLICATE, rule))


async def settle(attempt: Callable[[], Awaitable[T]], refusal: Callable[[], Refused]) -> T:
    """Run a write again where another writer was first: what that one wrote now decides.

    The database's own error is dropped, since it repeats the row.
    """
    for _ in range(TRIES):
        try:
            return await attempt()
        except IntegrityError:
            continue
    raise refusal()
