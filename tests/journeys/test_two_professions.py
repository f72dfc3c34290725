"""One person, two registers of one installation: each caller sees the registers in scope, and the registers do not
know of each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from meibo.access.permissions import Permission, Role
from meibo.audit.leaves import LeafKind
from meibo.identity import NumberKind
from meibo.installation import Installation
from meibo.registry.requests import Outcome
from meibo.values.pseudonyms import LicencePseudonym
from tests.installed import principal
from tests.security.api import Api
from tests.veterinarian.installed import BOTH, ENTRIES, NUMBER, OFFICER, enter_both
from tests.veterinarian.installed import host as host
from tests.veterinarian.installed import shared_database as shared_database
from tests.veterinarian.installed import template as template

LISTS = """{
  doctorLicences { totalCount nodes { pseudonym registrationNumber } }
  veterinarianLicences { totalCount nodes { pseudonym registrationNumber } }
}"""
NODES = """query Both($ids: [ID!]!) { nodes(ids: $ids) {
  __typename id
  ... on Licence {
    registrationNumber registrationDate state version holder { fullName } profession { code }
    individualNumber { held }
  }
} }"""
IDENTITIES = """{
  doctorLicences { nodes { identity { qualificationPseudonymId mynaPortalPseudonymId } } }
  veterinarianLicences { nodes { identity { qualificationPseudonymId mynaPortalPseudonymId } } }
}"""
STATUS = """query Status($id: ID!) { node(id: $id) { ... on Licence { individualNumber { held destroyedAt } } } }"""
REVEAL = """mutation Reveal($input: RevealNumberInput!) {
  revealNumber(input: $input) { number userErrors { code } }
}"""


@dataclass(frozen=True, slots=True)
class Person:
    """The holder of both licences, seen through the API."""

    api: Api
    made: dict[str, Outcome]

    def id(self, code: str) -> str:
        """The node id of a licence."""
        return self.api.licence_id(self.made[code].licence or UUID(int=0))

    def token(self, *professions: str) -> str:
        """A token of an officer of these registers."""
        plus = frozenset({Permission.NUMBER_REVEAL})
        return self.api.tokens.grant(principal(Role.OFFICER, frozenset(professions), plus=plus))

    async def pseudonyms(self) -> dict[str, LicencePseudonym]:
        """The licences' pseudonyms by profession."""
        reader = self.api.installation.reader(OFFICER, "test")
        heads = await reader.heads([made.licence for made in self.made.values() if made.licence])
        return {head.profession: LicencePseudonym(head.pseudonym) for head in heads if head}


@pytest.fixture
async def person(installation: Installation) -> AsyncIterator[Person]:
    async with Api(installation) as api:
        yield Person(api, await enter_both(installation))


@pytest.mark.parametrize("scope", [(), ("doctor",), ("veterinarian",), ("doctor", "veterinarian")])
async def test_a_caller_sees_the_registers_in_scope(person: Person, scope: tuple[str, ...]) -> None:
    token = person.token(*scope)
    named = await person.api.call(token, "{ professions { code itemCount } }")
    items = {"doctor": 233, "veterinarian": 31}
    assert named.data["professions"] == [{"code": code, "itemCount": items[code]} for code in scope]
    lists = (await person.api.call(token, LISTS)).data
    seen = {code: [n["registrationNumber"] for n in lists[f"{code}Licences"]["nodes"]] for code in BOTH}
    expected = {code: [ENTRIES[code]["registration_number"]] if code in scope else [] for code in BOTH}
    assert seen == expected
    assert {code: lists[f"{code}Licences"]["totalCount"] for code in BOTH} == {
        code: len(numbers) for code, numbers in expected.items()
    }
    ids = [person.id("doctor"), person.id("veterinarian")]
    nodes = (await person.api.call(token, NODES, {"ids": ids})).data["nodes"]
    assert [node and node["profession"]["code"] for node in nodes] == [
        code if code in scope else None for code in ("doctor", "veterinarian")
    ]


async def test_one_query_reads_both_types_through_the_interface(person: Person) -> None:
    ids = [person.id(code) for code in ("veterinarian", "doctor")]
    before = len(await person.api.leaves())
    answer = await person.api.call(person.token(*BOTH), NODES, {"ids": ids})
    common = {"state": "REGISTERED", "version": 1, "individualNumber": {"held": True}}
    assert answer.data["nodes"] == [
        {
            "__typename": "VeterinarianLicence", "id": ids[0], "registrationNumber": "800002",
            "registrationDate": "2012-07-08", "holder": {"fullName": "鷹司満月"},
            "profession": {"code": "veterinarian"}, **common,
        },
        {
            "__typename": "DoctorLicence", "id": ids[1], "registrationNumber": "700001",
            "registrationDate": "2010-05-06", "holder": {"fullName": "鷹司　満月"},
            "profession": {"code": "doctor"}, **common,
        },
    ]  # fmt: skip
    pseudonyms = await person.pseudonyms()
    left = [leaf for _, leaf in (await person.api.leaves())[before:]]
    assert [(leaf.kind, leaf.operation, leaf.profession, leaf.subjects) for leaf in left] == [
        (LeafKind.READ, "Both", code, (pseudonyms[code],)) for code in sorted(BOTH)
    ]


async def test_each_register_has_names_of_its_own_for_the_person(person: Person) -> None:
    data = (await person.api.call(person.token(*BOTH), IDENTITIES)).data
    found = [data[f"{code}Licences"]["nodes"][0]["identity"] for code in sorted(BOTH)]
    assert len({name for identity in found for name in identity.values()}) == 4
    owners = await person.api.installation.identity._links.persons_of((await person.pseudonyms()).values())
    assert len(owners) == 2
    assert len(set(owners.values())) == 1


async def test_erasing_the_number_of_one_file_leaves_the_others(person: Person) -> None:
    identity, token = person.api.installation.identity, person.token(*BOTH)
    pseudonyms = await person.pseudonyms()
    owner = await identity._links.person_of(pseudonyms["doctor"])
    assert owner is not None
    destroyed = await identity._numbers.destroy(owner, "medical", [NumberKind.INDIVIDUAL_NUMBER])
    assert len(destroyed.enrolments) == 1
    seen = {}
    for code in BOTH:
        id = person.id(code)
        status = (await person.api.call(token, STATUS, {"id": id})).data["node"]["individualNumber"]
        input = {"licenceId": id, "purpose": "照会", "legalBasis": "register"}
        revealed = (await person.api.call(token, REVEAL, {"input": input})).payload
        seen[code] = status["held"], status["destroyedAt"] is not None, revealed
    assert seen == {
        "doctor": (False, True, {"number": None, "userErrors": [{"code": "NOT_FOUND"}]}),
        "veterinarian": (True, False, {"number": NUMBER, "userErrors": []}),
    }
    assert await identity.find(OFFICER, "doctor", "medical", NUMBER) is None
    assert await identity.find(OFFICER, "veterinarian", "veterinarian", NUMBER) == pseudonyms["veterinarian"]


async def test_what_the_plugin_indexes_is_a_filter(person: Person) -> None:
    """A stranger's `index=True` and `clear=` are all that a filter needs."""
    query = """query Find($filter: VeterinarianLicenceFilter) {
      veterinarianLicences(filter: $filter) { nodes { registrationNumber } }
    }"""
    for given, count in (
        ({"registrationNumber": "800002"}, 1),
        ({"registrationDate": {"from": "2012-07-08", "to": "2012-07-08"}}, 1),
        ({"registrationDate": {"from": "2012-07-09"}}, 0),
        ({"practiceFieldIn": ["1"]}, 0),
        ({"name": {"full": "鷹司満月"}}, 1),
        ({"name": {"full": "鷹司"}}, 0),
        ({"birthDate": "1983-02-14"}, 1),
    ):
        answer = await person.api.call(person.token("veterinarian"), query, {"filter": given})
        assert (given, len(answer.data["veterinarianLicences"]["nodes"])) == (given, count)
