"""Registers of all ten professions with something of everything in them, and who asks: every role and scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from meibo import clock
from meibo.access.permissions import Permission, Role
from meibo.access.principals import Principal
from meibo.certificates.entries import Draft, Format
from meibo.certificates.sdjwt.issuing import LIFETIME
from meibo.certificates.status.indices import Medium
from meibo.demo.filling import fill
from meibo.errors import Refused
from meibo.host import Host
from meibo.installation import Installation, open_installation
from meibo.items.declaration import Cardinality
from meibo.professions.compiled import Profession
from meibo.register import tables
from meibo.register.fold import MEASURE_OF, Verb
from meibo.register.tables import stored
from meibo.registry.measures import known_to
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from meibo.settings import Settings
from tests.installed import principal

HOLDERS = 6
"""Of each profession: one corrected, suspended, revoked, struck off and reprimanded, and one left alone."""
EVERYTHING = frozenset(Permission)
REASON, ORDERED_BECAUSE = "101", "703"
LAST_YEAR, LAST_WEEK = timedelta(days=300), timedelta(days=7)
FOLLOWED_UP = frozenset({"doctor", "dentist", "pharmacist"})
"""Where a suspension was lifted and re-education ordered; elsewhere the measures stand."""
TEXTS = {"text": "見本", "kana": "ミホン"}


ASKING = (
    *["chief", *(role.value for role in Role)] * 2, "few professions", "one office", "no personal data",
    "no licences", "no professions",
)  # fmt: skip
"""The callers of generated operations: roles twice as often as those from whom something is cut off."""
T = TypeVar("T")


def present(value: T | None) -> T:
    """What is there for certain."""
    assert value is not None
    return value


def callers(host: Host) -> Mapping[str, Principal]:
    """Everybody who asks, by name: the roles, and scopes that cut something off."""
    all_of_them, few = frozenset(host.professions), frozenset({"doctor", "dietitian", "pharmacist"})
    everybody = {role.value: principal(role, all_of_them, role.value) for role in Role}
    everybody["chief"] = chief(host)
    everybody["few professions"] = principal(Role.OFFICER, few, "few")
    everybody["one office"] = replace(principal(Role.CLERK, all_of_them, "tokyo"), offices=frozenset({"13"}))
    everybody["no personal data"] = principal(
        Role.OFFICER, all_of_them, "blind", without=frozenset({Permission.PERSONAL_READ})
    )
    everybody["no licences"] = principal(
        Role.OFFICER, all_of_them, "shut out", without=frozenset({Permission.LICENCE_READ})
    )
    everybody["no professions"] = principal(Role.OFFICER, frozenset(), "nobody")
    return everybody


def chief(host: Host) -> Principal:
    """Somebody with every permission on every profession."""
    return principal(Role.ADMINISTRATOR, frozenset(host.professions), "chief", plus=EVERYTHING)


async def fill_registers(settings: Settings, host: Host) -> None:
    """Synthetic holders and replies of the demo, and acts on them that give past versions and dispositions."""
    await fill(settings, host, HOLDERS, lambda _: None)
    async with open_installation(settings, host) as installation:
        for profession in host.professions.values():
            await _act_on_all(installation, profession)
        await installation.sequencer.run_once()


async def _act_on_all(installation: Installation, profession: Profession) -> None:
    corrected, suspended, revoked, struck_off, reprimanded, _ = await heads(installation, profession)
    await _certify(installation, profession, [corrected.id, suspended.id, revoked.id, suspended.id])
    await _correct(installation, profession, corrected)
    await _order(installation, profession, Verb.SUSPEND, suspended, Verb.LIFT_SUSPENSION)
    await _order(installation, profession, Verb.REVOKE, revoked, Verb.ORDER_REEDUCATION)
    await _order(installation, profession, Verb.REPRIMAND, reprimanded)
    await _act(installation, Verb.STRIKE_OFF, _request(profession, Verb.STRIKE_OFF, struck_off))


async def _certify(installation: Installation, profession: Profession, licences: Sequence[UUID]) -> None:
    """Certificates of licences that stand, before something is done to these."""
    ends = clock.today() + LIFETIME
    draft = Draft(format=Format.SD_JWT, claims=["full_name"], medium=Medium.DIGITAL, expiry_date=ends)
    await installation.authority.entries.enter(installation.scopes.of(profession.code), licences, draft)


async def _act(installation: Installation, verb: Verb, request: ActRequest) -> UUID | None:
    """An act on a licence as it stands; gives the action's id."""
    everything = chief(installation.host)
    [head] = await installation.reader(everything, "test").heads([present(request.licence)])
    request = replace(request, expected_version=present(head).version)
    return (await installation.office.act(everything, verb, request)).action


async def heads(installation: Installation, profession: Profession) -> Sequence[Head]:
    """The licences of a profession, by register number."""
    scope, licence = installation.scopes.of(profession.code), tables.licence.c
    statement = select(licence.id).where(licence.scope == scope).order_by(licence.registration_number)
    async with installation.register.read([scope]) as connection:
        ids = (await connection.scalars(statement)).all()
    reader = installation.reader(chief(installation.host), "test")
    return [present(head) for head in await reader.heads(ids)]


async def _correct(installation: Installation, profession: Profession, head: Head) -> None:
    """Two corrections, one of them back-dated, so that the past differs from the present."""
    days = [clock.today() - LAST_YEAR, clock.today() - LAST_WEEK]
    for key, name, text in _correctable(profession):
        request = _request(profession, Verb.CORRECT, head, days[0], name)
        try:
            await _act(installation, Verb.CORRECT, replace(request, values={key: {name: text}}))
        except Refused:  # By a rule of the profession: the next item will do.
            continue
        days = days[1:]
        if not days:
            return


def _correctable(profession: Profession) -> Iterator[tuple[str, str, str]]:
    """(group, item, text) of what a correction may change in any record."""
    plugin = profession.plugin
    fixed = {plugin.number, *(path for effect in plugin.effects.values() for path in effect.paths())}
    for spec in profession.content_groups:
        if spec.cardinality is not Cardinality.ONE or not stored(spec):
            continue
        for item in spec.items.values():
            text = TEXTS.get(item.kind.name, "")[: item.max_length]
            if text and not item.unique and item.settable and f"{spec.key}.{item.name}" not in fixed:
                yield spec.key, item.name, text


async def _order(
    installation: Installation,
    profession: Profession,
    verb: Verb,
    head: Head,
    following: Verb | None = None,
) -> None:
    """A measure, and what follows it up, as far as the profession's law knows them."""
    measure = next((m for m in profession.plugin.measures if m.kind is MEASURE_OF[verb]), None)
    if measure is None:
        return
    request = replace(
        _request(profession, verb, head, clock.today() - LAST_WEEK),
        kind=measure.code,
        reason=ORDERED_BECAUSE,
        legal_basis=measure.legal_basis,
        office_name="大臣",
        order_number=f"発{verb}",
        reason_text="見本",
        end_date=clock.today() + LAST_WEEK if verb is Verb.SUSPEND else None,
    )
    ordered = await _act(installation, verb, request)
    if following and profession.code in FOLLOWED_UP and known_to(profession, following):
        after = replace(_request(profession, following, head), disposition=ordered)
        await _act(installation, following, after)


def _request(
    profession: Profession, verb: Verb, head: Head, day: date | None = None, name: str = ""
) -> ActRequest:
    today = clock.today()
    bases = [b.id for b in profession.plugin.legal_bases if b.valid_from <= today <= (b.valid_to or today)]
    return ActRequest(
        idempotency_key=f"{verb}-{head.id}-{day}-{name}",
        effective_date=day or today,
        reason=REASON,
        legal_basis=verb if verb in bases else bases[0],
        licence=head.id,
        delay_reason="遅延" if day else "",
    )
