"""Who may sign in at a demo's portal: the same people every time, linked anew where the links are gone."""

from __future__ import annotations

import pytest

from meibo.database.stores import Store
from meibo.demo.filling import fill
from meibo.demo.linking import FILE, people_of
from meibo.host import Host
from meibo.identity import open_holder_links
from meibo.installation import open_installation
from meibo.settings import Settings
from meibo.values.pseudonyms import PortalPseudonym, parse_portal_pseudonym
from meibo.vault.tables import portal_link


@pytest.mark.slow
async def test_the_last_holders_sign_in(settings: Settings, host: Host) -> None:
    people = await fill(settings, host, 3, lambda _: None)
    assert [person.about for person in people] == [
        ("医師 100002", "Doctor 100002"),
        ("医師 100003", "Doctor 100003"),
    ]
    assert [parse_portal_pseudonym(person.pseudonym) for person in people] == [p.pseudonym for p in people]
    assert all(person.name for person in people)
    assert await fill(settings, host, 3, lambda _: None) == people
    async with open_installation(settings, host) as installation:
        links = open_holder_links(installation.databases)
        held = [await links.licences(PortalPseudonym(person.pseudonym)) for person in people]
        assert [[licence.profession for licence in licences] for licences in held] == [["doctor"], ["doctor"]]
        async with installation.databases[Store.LINKS].write() as work:
            await work.connection.execute(portal_link.delete())
            await work.commit()
        anew = await people_of(installation)
        assert [person.name for person in anew] == [person.name for person in people]
        assert {person.pseudonym for person in anew}.isdisjoint({person.pseudonym for person in people})
        assert await people_of(installation) == anew
        assert settings.path(FILE).is_file()
