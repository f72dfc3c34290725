"""A clerk links a licence's person to the portal, and ends that; what is wrong is said without the pseudonym."""

from __future__ import annotations

import pytest

from meibo.identity import open_holder_links
from meibo.values.pseudonyms import PortalPseudonym, new_portal_pseudonym
from tests.schema.conftest import Api, Caller

LINK = """
mutation($input: LinkPortalInput!) { linkPortal(input: $input) { linked userErrors { code rule path } } }"""
UNLINK = """
mutation($input: UnlinkPortalInput!) { unlinkPortal(input: $input) { unlinked userErrors { code rule path } } }"""


async def linked(api: Api, pseudonym: PortalPseudonym) -> list[str]:
    """The professions that whoever signs in under the pseudonym sees."""
    links = open_holder_links(api.installation.databases)
    return [held.profession for held in await links.licences(pseudonym)]


async def test_a_licence_is_linked_and_unlinked(api: Api, officer: Caller) -> None:
    licence, portal = await api.register(), new_portal_pseudonym()
    given = {"licenceId": licence["id"], "portalPseudonym": portal.lower(), "verifiedBy": "MY_NUMBER_CARD"}
    for _ in range(2):
        answer = await officer.ask(LINK, {"input": given})
        assert answer == {"linkPortal": {"linked": True, "userErrors": []}}
    assert await linked(api, portal) == ["doctor"]
    for expected in (True, False):
        answer = await officer.ask(UNLINK, {"input": {"licenceId": licence["id"]}})
        assert answer == {"unlinkPortal": {"unlinked": expected, "userErrors": []}}
    assert await linked(api, portal) == []


@pytest.mark.parametrize(
    ("pseudonym", "error"),
    [
        ("P-1", {"code": "INVALID_VALUE", "rule": "pseudonym.format", "path": ["portalPseudonym"]}),
        ("taken", {"code": "DUPLICATE", "rule": "vault.one_portal", "path": ["portalPseudonym"]}),
    ],
)
async def test_a_pseudonym_that_cannot_be(
    api: Api, officer: Caller, pseudonym: str, error: dict[str, object]
) -> None:
    licence, other, portal = await api.register(), await api.register(1), new_portal_pseudonym()
    given = {"licenceId": other["id"], "portalPseudonym": portal, "verifiedBy": "MY_NUMBER_CARD"}
    assert (await officer.ask(LINK, {"input": given}))["linkPortal"]["linked"] is True
    wanted = {
        **given,
        "licenceId": licence["id"],
        "portalPseudonym": portal if pseudonym == "taken" else pseudonym,
    }
    response = await officer.send(LINK, {"input": wanted})
    assert response.json()["data"]["linkPortal"] == {"linked": False, "userErrors": [error]}
    assert portal not in response.text
    assert await linked(api, portal) == ["doctor"]


async def test_the_pseudonym_is_a_variable(api: Api, officer: Caller) -> None:
    licence = await api.register()
    literal = (
        f'mutation {{ linkPortal(input: {{licenceId: "{licence["id"]}", portalPseudonym: "P-1",'
        " verifiedBy: MY_NUMBER_CARD}) { linked } }"
    )
    assert await officer.refused(literal) == "VARIABLES_REQUIRED"
