"""The portal's API: holders see what is theirs, share it by consent, and nobody sees a number."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import strawberry
from graphql import parse, validate

from meibo import clock
from meibo.consent import CURRENT_TEXT, RedemptionOutcome, Redemptions
from meibo.consent.requests import ANYBODY
from meibo.database.stores import Database, Store
from meibo.host import Host
from meibo.installation import Installation
from meibo.items.kinds import NumberKind
from meibo.partners import PartnerState
from meibo.portal import Portal, open_portal
from meibo.settings import Settings
from meibo.values.pseudonyms import new_portal_pseudonym
from meibo_graphql.app import create_portal_app
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.portal import portal_schema
from meibo_graphql.registry import registry_schema
from meibo_sandbox.openid import Fault, IdentityProviderStandIn
from tests.docs.pages import blocks
from tests.holders import Holders, enter_holders
from tests.identity_provider import provider_of, running_provider
from tests.partners import CLINIC, HOSPITAL, enter_partner
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

PATH = "/portal/graphql"
ORIGIN = "https://portal.example.jp"
SHARE = """
mutation($input: ShareLicenceInput!) { shareLicence(input: $input) {
  share { id claims purpose recipient { id name } maxUses usesLeft active uses { who { id } outcome } licence { id } }
  url userErrors { code rule path } } }"""
WITHDRAW = """
mutation($input: WithdrawShareInput!) { withdrawShare(input: $input) {
  share { active withdrawnAt } userErrors { code rule path } } }"""


@dataclass
class PortalApi:
    """The portal in a process of its own, and the provider that its holders sign in at."""

    holders: Holders
    portal: Portal
    http: httpx.AsyncClient
    provider: IdentityProviderStandIn

    async def send(
        self, query: str, variables: Mapping[str, Any] | None = None, token: str = ""
    ) -> httpx.Response:
        """The response to an operation of the person with two licences, or of whoever has the token."""
        token = token or self.provider.issue(self.holders.pseudonym)
        headers = {"authorization": f"Bearer {token}", "accept": "application/graphql-response+json"}
        return await self.http.post(
            PATH, json={"query": query, "variables": dict(variables or {})}, headers=headers
        )

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, token: str = "") -> Any:
        """The data of an answer without errors."""
        answer = (await self.send(query, variables, token)).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def stranger(self) -> str:
        """A token of the other person."""
        return self.provider.issue(self.holders.stranger)

    async def share(self, **changes: Any) -> dict[str, Any]:
        """The payload of sharing the doctor's licence."""
        licence = (await self.ask("{ me { licences { id } } }"))["me"]["licences"][0]["id"]
        given = {
            "licenceId": licence, "claims": ["full_name", "registration_number"], "purpose": "EMPLOYMENT",
            "expiresAt": (clock.now() + timedelta(days=1)).isoformat(), "textVersion": CURRENT_TEXT.version,
        } | changes  # fmt: skip
        payload: dict[str, Any] = (await self.ask(SHARE, {"input": given}))["shareLicence"]
        return payload


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProviderStandIn]:
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def schema(host: Host) -> strawberry.Schema:
    return portal_schema(host)


@pytest.fixture
async def api(
    settings: Settings, installation: Installation, host: Host, schema: strawberry.Schema,
    provider: IdentityProviderStandIn,
) -> AsyncIterator[PortalApi]:  # fmt: skip
    """The portal, opened apart from the registry that entered its holders."""
    holders, believed = await enter_holders(installation), provider_of(provider)
    told = replace(
        settings, portal_issuer=believed.issuer, portal_audience=believed.audience, portal_origins=ORIGIN,
        portal_share_url="https://verify.example.jp/share", numbers_url="sqlite+aiosqlite:////nonexistent/n.db",
        keys_url="sqlite+aiosqlite:////nonexistent/k.db",
    )  # fmt: skip
    async with open_portal(told, host) as portal:
        transport = httpx.ASGITransport(app=create_portal_app(portal, schema))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield PortalApi(holders, portal, http, provider)


async def test_a_holder_sees_their_licences(api: PortalApi) -> None:
    query = """{ me { displayName licences {
      __typename profession { code name } registrationNumber registrationDate state stateText(language: EN)
      holder { fullName fullNameKana birthDate { value text } sex { code label } }
      history { nodes { number verb effectiveDate institution legalBasis } pageInfo { hasNextPage } }
      measures { name } claims { name label value }
      ... on DoctorLicence { register { familyName domicileCode { code label } } practiceReport { address } }
      ... on VeterinarianLicence { qualifications { qualificationField { label } acquiredDate { value } } }
    } } }"""
    me = (await api.ask(query))["me"]
    assert me["displayName"] == "鷹司　満月"
    doctor, veterinarian = me["licences"]
    assert doctor == {
        "__typename": "DoctorLicence",
        "profession": {"code": "doctor", "name": "医師"},
        "registrationNumber": "700001",
        "registrationDate": "2010-05-06",
        "state": "REGISTERED",
        "stateText": "In force",
        "holder": {
            "fullName": "鷹司　満月",
            "fullNameKana": "タカツカサ　ミツキ",
            "birthDate": {"value": "1983-02-14", "text": "昭和58年2月14日"},
            "sex": {"code": "2", "label": "女"},
        },
        "history": {
            "nodes": [{
                "number": 1, "verb": "register", "effectiveDate": "2010-05-06", "institution": "Test office",
                "legalBasis": "register",
            }],
            "pageInfo": {"hasNextPage": False},
        },
        "measures": [],
        "claims": doctor["claims"],
        "register": {"familyName": "鷹司", "domicileCode": {"code": "26", "label": "京都府"}},
        "practiceReport": {"address": None},
    }  # fmt: skip
    assert {"name": "registration_number", "label": "登録番号", "value": "700001"} in doctor["claims"]
    assert veterinarian["qualifications"] == [
        {
            "qualificationField": {"label": "小動物"},
            "acquiredDate": veterinarian["qualifications"][0]["acquiredDate"],
        },
        {"qualificationField": {"label": "その他"}, "acquiredDate": None},
    ]


async def test_sections_show_any_profession(api: PortalApi) -> None:
    query = """query($l: Language!) {
      me { licences { sections(language: $l) { name title rows { items { label text } } } } } }"""
    japanese = (await api.ask(query, {"l": "JA"}))["me"]["licences"][1]["sections"]
    english = (await api.ask(query, {"l": "EN"}))["me"]["licences"][1]["sections"]
    assert [section["name"] for section in japanese] == ["register", "qualifications"]
    assert japanese[0]["rows"] == [
        {
            "items": [
                {"label": "登録番号", "text": "800002"},
                {"label": "姓", "text": "鷹司満月"},
                {"label": "生年月日", "text": "昭和58年2月14日"},
            ]
        }
    ]
    assert english[0]["rows"][0]["items"][2] == {"label": "Date of birth", "text": "14 February 1983"}
    assert english[1]["rows"][1] == {
        "items": [{"label": english[1]["rows"][1]["items"][0]["label"], "text": "Other"}]
    }


async def test_who_looked(api: PortalApi) -> None:
    await api.ask("query SomeName { me { licences { id } } }")
    await api.holders.installation.sequencer.run_once()
    query = """query($n: Int, $a: String) { me { licences { accesses(first: $n, after: $a) {
      nodes { institution kind purpose outcome byHolder } pageInfo { hasNextPage endCursor } } } } }"""
    first = (await api.ask(query, {"n": 1}))["me"]["licences"][0]["accesses"]
    assert first["nodes"] == [
        {"institution": "本人", "kind": "read", "purpose": None, "outcome": "ok", "byHolder": True}
    ]
    assert first["pageInfo"]["hasNextPage"] is True
    later = await api.send(query, {"n": 50, "a": first["pageInfo"]["endCursor"]})
    found = later.json()["data"]
    assert (
        found is None or found["me"] is None
    )  # The cursor is the first licence's, and the second refuses it.
    assert later.json()["errors"][0]["extensions"]["code"] == "BAD_CURSOR"
    assert "tester" not in later.text


async def test_nobody_elses_licence_exists(api: PortalApi) -> None:
    mine = (await api.ask("{ me { licences { id } } }"))["me"]["licences"]
    theirs = (await api.ask("{ me { licences { id } } }", token=api.stranger()))["me"]["licences"]
    assert (len(mine), len(theirs)) == (2, 1)
    node = "query($id: ID!) { node(id: $id) { id __typename } }"
    assert await api.ask(node, {"id": mine[0]["id"]}) == {"node": {**mine[0], "__typename": "DoctorLicence"}}
    share = (await api.share())["share"]["id"]
    assert (await api.ask(node, {"id": share}))["node"] == {"id": share, "__typename": "Share"}
    registry = NodeIds(api.portal.keys.newest("nodes"), "registry")
    foreign = registry.seal(NodeKind.LICENCE, api.holders.licences["doctor"])
    for id in (mine[0]["id"], share):
        assert await api.ask(node, {"id": id}, api.stranger()) == {"node": None}
    for id in (theirs[0]["id"], foreign, "x"):
        assert await api.ask(node, {"id": id}) == {"node": None}


async def test_somebody_without_licences_sees_none(api: PortalApi) -> None:
    token = api.provider.issue(new_portal_pseudonym())
    assert await api.ask("{ me { displayName licences { id } shares { id } } }", token=token) == {
        "me": {"displayName": None, "licences": [], "shares": []}
    }


@pytest.mark.parametrize("fault", Fault)
async def test_a_faulty_token_is_no_sign_in(api: PortalApi, fault: Fault) -> None:
    refused = await api.send(
        "{ me { displayName } }", token=api.provider.issue(api.holders.pseudonym, fault=fault)
    )
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["UNAUTHENTICATED"]
    assert "data" not in refused.json()


async def test_staffs_tokens_are_no_sign_in(api: PortalApi) -> None:
    for headers in ({"authorization": "Bearer meibo_" + "x" * 43}, {"authorization": "Basic eDp5"}, {}):
        refused = await api.http.post(PATH, json={"query": "{ me { displayName } }"}, headers=headers)
        assert [error["extensions"]["code"] for error in refused.json()["errors"]] == ["UNAUTHENTICATED"]


async def test_sharing_and_withdrawing(api: PortalApi) -> None:
    payload = await api.share(uses=2)
    made, url = payload["share"], urlsplit(payload["url"])
    assert payload["userErrors"] == []
    assert (made["claims"], made["purpose"], made["recipient"]) == (
        ["full_name", "registration_number"], "EMPLOYMENT", None,
    )  # fmt: skip
    assert (made["maxUses"], made["usesLeft"], made["active"], made["uses"]) == (2, 2, True, [])
    assert (url.netloc, url.path, url.query) == ("verify.example.jp", "/share", "")
    portal = api.portal
    redeeming = Redemptions(
        portal.databases[Store.REGISTER], portal.scopes, portal.keys, portal.codes, portal.audit
    )
    shown = await redeeming.redeem(url.fragment, HOSPITAL)
    assert shown.claims == {"full_name": "鷹司　満月", "registration_number": "700001"}
    withdrawn = await api.ask(WITHDRAW, {"input": {"shareId": made["id"]}})
    assert withdrawn["withdrawShare"]["share"]["active"] is False
    gone = await redeeming.redeem(url.fragment, ANYBODY)
    assert gone.outcome is RedemptionOutcome.NOT_AVAILABLE
    query = "{ me { shares { id usesLeft active uses { who { name } claims outcome } } } }"
    response = await api.send(query)
    assert response.json()["data"]["me"]["shares"] == [{
        "id": made["id"], "usesLeft": 1, "active": False,
        "uses": [
            {"who": None, "claims": [], "outcome": "WITHDRAWN"},
            {"who": {"name": "聖路加病院"}, "claims": ["full_name", "registration_number"], "outcome": "SHOWN"},
        ],
    }]  # fmt: skip
    assert url.fragment not in response.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"claims": []}, {"code": "REQUIRED", "rule": "share.claims", "path": ["claims"]}),
        ({"claims": ["memo"]}, {"code": "INVALID_VALUE", "rule": "share.claims", "path": ["claims"]}),
        ({"uses": 0}, {"code": "INVALID_VALUE", "rule": "share.uses", "path": ["uses"]}),
        (
            {"recipient": f"p-{'9' * 20}"},
            {"code": "INVALID_VALUE", "rule": "share.recipient", "path": ["recipient"]},
        ),
        (
            {"textVersion": "0"},
            {"code": "INVALID_VALUE", "rule": "share.text_version", "path": ["textVersion"]},
        ),
        ({"licenceId": "x"}, {"code": "NOT_FOUND", "rule": "licence.unknown", "path": ["licenceId"]}),
    ],
)
async def test_what_is_not_shared(api: PortalApi, changes: dict[str, Any], error: dict[str, Any]) -> None:
    payload = await api.share(**changes)
    assert (payload["share"], payload["url"]) == (None, None)
    assert payload["userErrors"] == [error]
    assert (await api.ask("{ me { shares { id } } }"))["me"]["shares"] == []


async def test_a_partner_is_found_and_named(api: PortalApi) -> None:
    await enter_partner(
        api.holders.installation, replace(CLINIC, partner=f"p-{'3' * 20}", name="Clinic 100%")
    )
    await enter_partner(
        api.holders.installation, replace(CLINIC, partner=f"p-{'4' * 20}"), state=PartnerState.SUSPENDED
    )
    query = (
        "query($name: String!) { partners(name: $name) { id name corporateNumber purpose claims mayCheck } }"
    )
    assert (await api.ask(query, {"name": " 聖路加 "}))["partners"] == [{
        "id": HOSPITAL.partner, "name": "聖路加病院", "corporateNumber": "7000012050002",
        "purpose": "EMPLOYMENT", "claims": ["profession", "full_name", "registration_number"],
        "mayCheck": True,
    }]  # fmt: skip
    for words, names in {
        "clinic": ["Clinic", "Clinic 100%"], "%": ["Clinic 100%"], "_": [], "desk@hospital": [],
    }.items():  # fmt: skip
        assert [found["name"] for found in (await api.ask(query, {"name": words}))["partners"]] == names
    made = (await api.share(recipient=HOSPITAL.partner))["share"]
    assert made["recipient"] == {"id": HOSPITAL.partner, "name": "聖路加病院"}


async def test_another_persons_licence_is_not_shared_nor_a_share_withdrawn(api: PortalApi) -> None:
    share = (await api.share())["share"]
    theirs = (await api.ask("{ me { licences { id } } }", token=api.stranger()))["me"]["licences"][0]["id"]
    refused = await api.share(licenceId=theirs)
    assert [(e["code"], refused["url"]) for e in refused["userErrors"]] == [("NOT_FOUND", None)]
    foreign = (await api.ask(WITHDRAW, {"input": {"shareId": share["id"]}}, api.stranger()))["withdrawShare"]
    assert foreign == {
        "share": None, "userErrors": [{"code": "NOT_FOUND", "rule": "share.unknown", "path": ["shareId"]}],
    }  # fmt: skip
    assert (await api.ask("{ me { shares { active } } }"))["me"]["shares"] == [{"active": True}]


async def test_the_consents_text(api: PortalApi) -> None:
    found = (await api.ask("{ consentText { version ja: text en: text(language: EN) } }"))["consentText"]
    assert found == {"version": CURRENT_TEXT.version, "ja": CURRENT_TEXT.ja, "en": CURRENT_TEXT.en}


async def test_without_a_leaf_nothing_leaves(api: PortalApi) -> None:
    silent = Database("sqlite+aiosqlite:////nonexistent/meibo.db")
    api.portal.audit._database = silent
    answer = await api.send("{ me { displayName } }")
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["AUDIT_UNAVAILABLE"]
    assert "鷹司" not in answer.text
    await silent.close()


async def test_origins_health_and_what_is_not_served(api: PortalApi) -> None:
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    assert (await api.http.options(PATH, headers=asks)).headers["access-control-allow-origin"] == ORIGIN
    asks["Origin"] = "https://evil.example"
    assert "access-control-allow-origin" not in (await api.http.options(PATH, headers=asks)).headers
    assert (await api.http.get("/readyz")).json() == {"status": "ready"}
    for path in ("/registry/graphql", "/registry/explorer", "/registry/demo/accounts", "/"):
        assert (await api.http.get(path)).status_code == 404


async def test_a_provider_that_does_not_answer(
    settings: Settings, host: Host, schema: strawberry.Schema
) -> None:
    with running_provider() as gone:
        token, believed = gone.issue(new_portal_pseudonym()), provider_of(gone)
    told = replace(settings, portal_issuer=believed.issuer, portal_audience=believed.audience)
    async with open_portal(told, host) as portal:
        transport = httpx.ASGITransport(app=create_portal_app(portal, schema))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            answer = await http.post(
                PATH, json={"query": "{ me { displayName } }"}, headers={"authorization": f"Bearer {token}"}
            )
            assert [e["extensions"]["code"] for e in answer.json()["errors"]] == ["SOURCE_UNAVAILABLE"]


def test_no_number_has_a_place_in_the_portals_schema(all_professions: Host) -> None:
    """Neither a type, nor a field, nor an argument of the whole SDL can hold or tell of a number."""
    sdl = portal_schema(all_professions).as_str()
    assert "NumberStatus" not in sdl
    named = {
        re.sub("_(.)", lambda m: m[1].upper(), item.name)
        for profession in all_professions.professions.values()
        for group in profession.groups.values()
        for item in group.items.values()
        if isinstance(item.kind, NumberKind)
    }
    assert {"individualNumber", "residentCode"} <= named
    assert [name for name in named if re.search(rf"\b{name}\b", sdl)] == []
    assert not re.search(r"(?i)individual.?number|mynumber|resident.?code|個人番号|住民票コード", sdl)


def test_every_profession_has_a_licence_type(all_professions: Host) -> None:
    schema = portal_schema(all_professions)
    licence = schema._schema.type_map["Licence"]
    found = {t.name for t in schema._schema.get_possible_types(licence)}  # type: ignore[arg-type]
    assert len(found) == len(all_professions.professions) == 10


def test_the_pages_queries_are_the_schemas(all_professions: Host) -> None:
    """Every query of the how-to is valid on the portal's schema; what a clerk sends, on the registry's."""
    portal, registry = portal_schema(all_professions)._schema, registry_schema(all_professions)._schema
    page = Path(__file__).parents[2] / "docs" / "how-to" / "portal.md"
    queries = [block.text for block in blocks(page) if block.language == "graphql"]
    assert len(queries) == 5
    for query in queries:
        assert validate(registry if "linkPortal" in query else portal, parse(query)) == []
