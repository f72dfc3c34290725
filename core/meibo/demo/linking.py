"""The last holders of each profession in a demo may sign in at its portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import orjson

from meibo.access.permissions import ROLES, Role
from meibo.access.tokens import command_principal
from meibo.database.paging import PageRequest
from meibo.demo.people import DemoPerson
from meibo.identity import VerifiedBy, open_holder_links
from meibo.installation import Installation
from meibo.registry.filtering import ListFilter, Order
from meibo.registry.views import Head
from meibo.values.pseudonyms import LicencePseudonym, PortalPseudonym, new_portal_pseudonym

FILE = "demo-people.json"
OF_EACH = 2
"""How many holders of each profession."""


async def people_of(installation: Installation) -> list[DemoPerson]:
    """Who may sign in: kept beside the demo's data, and linked where nobody of a profession is."""
    path, known = installation.settings.path(FILE), {}
    kept = orjson.loads(path.read_bytes()) if path.is_file() else {}
    for code in installation.host.professions:
        people = [DemoPerson(PortalPseudonym(p), name, (ja, en)) for p, name, ja, en in kept.get(code, ())]
        known[code] = await _linked_still(installation, people) or await _link(installation, code)
    told = {code: [[p.pseudonym, p.name, *p.about] for p in people] for code, people in known.items()}
    path.write_bytes(orjson.dumps(kept | told))
    return [person for people in known.values() for person in people]


async def _linked_still(installation: Installation, people: Sequence[DemoPerson]) -> list[DemoPerson]:
    """Those whom the links know: the databases of a demo may have been made anew beside the file."""
    links = open_holder_links(installation.databases)
    return [person for person in people if await links.licences(PortalPseudonym(person.pseudonym))]


async def _link(installation: Installation, code: str) -> list[DemoPerson]:
    """Let the last holders of a profession sign in."""
    operator = command_principal("demo", installation.host.professions)
    reader = installation.reader(replace(operator, permissions=ROLES[Role.CLERK]), "demo")
    page = await reader.page(code, ListFilter(), Order.REGISTRATION_NUMBER_ASC, PageRequest(last=OF_EACH))
    people = []
    for head in page.nodes:
        groups = {key: (await reader.groups(key, [head]))[0] for key in reader.holder_groups(head)}
        name = str(reader.holder(head, groups).values["full_name"] or head.registration_number)
        people.append(DemoPerson(await _linked(installation, head), name, _about(installation, head)))
    await reader.log.write()
    return people


async def _linked(installation: Installation, head: Head) -> PortalPseudonym:
    portal = new_portal_pseudonym()
    operator = command_principal("demo", installation.host.professions)
    await installation.identity.link_portal(
        replace(operator, permissions=ROLES[Role.CLERK]), profession=head.profession,
        file=installation.host[head.profession].file, pseudonym=LicencePseudonym(head.pseudonym), portal=portal,
        verified_by=VerifiedBy.MY_NUMBER_CARD,
    )  # fmt: skip
    return portal


def _about(installation: Installation, head: Head) -> tuple[str, str]:
    ja, en = installation.host[head.profession].plugin.name
    return f"{ja} {head.registration_number}", f"{en} {head.registration_number}"
