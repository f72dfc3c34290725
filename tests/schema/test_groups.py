"""The types that follow from items: every line of the official list, and no number anywhere."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type

from meibo.host import Host
from meibo.professions import law
from meibo.professions.verbs import Verb
from meibo.register.dispositions import DispositionState
from meibo.register.fold import State
from meibo_graphql import words
from meibo_graphql.keeping import Administrator
from meibo_graphql.types import Language
from tests.schema.conftest import Api, Caller, camel

OFFICIAL = Path(__file__).parents[1] / "data" / "catalog" / "doctor.tsv"
FORMS = """{ professions {
  code name(language: EN) registerName itemCount
  groups { name title(language: EN) cardinality purpose why: purpose(language: EN) items {
    number name label en: label(language: EN) kind maxLength required privacy storage codeList era multiline settable
    options { code label(language: EN) }
  } }
  procedures {
    id name(language: EN) gives documents { id name en: name(language: EN) } withinDays
    fees { channel yen kind validFrom validTo }
  }
  legalBases { id law article validFrom validTo } rules { id cites text en: text(language: EN) }
  administrator { authority division(language: EN) designated } receivingOffice { item name }
  publicSearch { since sexRequired } term { fixed until lifted }
  certificate { type claims { name label en: label(language: EN) items disclosable } }
  erasure { keepRecord destroyNumberWhen }
} }"""
NUMBERS = {"individualNumber", "residentCode", "institutionCode", "individualNumberCode"}
"""Names of the numbers that only the vault keeps."""


def core(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's own schema."""
    return schema._schema


async def doctor(caller: Caller) -> dict[str, Any]:
    """What a form is told of doctors."""
    [profession] = (await caller.ask(FORMS))["professions"]
    return dict(profession)


async def test_the_official_list_in_order(api: Api, officer: Caller) -> None:
    told = await doctor(officer)
    items = sorted((i for g in told["groups"] for i in g["items"]), key=lambda item: item["number"])
    with OFFICIAL.open(encoding="utf-8", newline="") as file:
        official = [row for row in csv.reader(file, delimiter="\t") if row and row[0].isdigit()]
    assert told["itemCount"] == len(items) == len(official) == 233
    assert [(str(i["number"]), i["label"]) for i in items] == [(row[0], row[2]) for row in official]
    assert all(item["en"] and item["kind"] for item in items)


async def test_what_a_form_needs_of_an_item(api: Api, officer: Caller) -> None:
    told = await doctor(officer)
    items = {(g["name"], i["name"]): i for g in told["groups"] for i in g["items"]}
    assert items["register", "familyName"] == {
        "number": 18, "name": "familyName", "label": "姓", "en": "Family name", "kind": "TEXT",
        "maxLength": items["register", "familyName"]["maxLength"], "required": True, "privacy": "PERSONAL",
        "storage": "SEALED", "codeList": None, "options": [],
        "era": None, "multiline": False, "settable": True,
    }  # fmt: skip
    whys = {g["name"]: (g["purpose"], g["why"]) for g in told["groups"]}
    assert whys["register"] == ("医籍への登録（医師法5条）", "register of doctors (医師法5条)")
    sex = items["register", "sexCode"]
    assert (sex["kind"], sex["codeList"], sex["storage"]) == ("CODE", "sex", "CLEAR")
    assert {"code": "1", "label": "Male"} in sex["options"]
    assert items["register", "ministerCode"]["options"] == []
    assert (told["code"], told["name"], told["registerName"]) == ("doctor", "Doctor", "医籍")
    assert {g["cardinality"] for g in told["groups"]} == {"ONE", "MANY", "TABLE", "VAULT"}
    assert {"registration", "correction", "reissue"} <= {p["id"] for p in told["procedures"]}
    assert {"register", "suspend", "number_use"} <= {basis["id"] for basis in told["legalBases"]}
    assert all(rule["cites"] for rule in told["rules"])
    correction = next(p for p in told["procedures"] if p["id"] == "correction")
    assert (correction["withinDays"], [fee["yen"] for fee in correction["fees"]]) == (30, [1000])
    assert {"id": "application", "name": "申請書", "en": "Application form"} in correction["documents"]
    assert all(rule["text"] and rule["en"] and rule["text"] != rule["en"] for rule in told["rules"])
    claims = told["certificate"]["claims"]
    assert (told["certificate"]["type"], claims[0]) == (
        "urn:meibo:doctor:1",
        {"name": "profession", "label": "資格", "en": "Profession", "items": [], "disclosable": False},
    )
    named = next(claim for claim in claims if claim["name"] == "full_name")
    assert named["items"] == ["register.familyName", "register.givenName"]
    assert told["publicSearch"] == {"since": "2007-04-01", "sexRequired": True}


def test_how_a_register_is_kept() -> None:
    kept: Any = Administrator(source=law.Administrator(("社会", "Society"), ("課", "Division")))
    assert (kept.authority(Language.EN), kept.division(), kept.designated()) == ("Society", "課", None)


def test_every_item_is_a_nullable_field_with_its_number(host: Host, schema: strawberry.Schema) -> None:
    types = core(schema).type_map
    register = types["DoctorRegister"]
    assert isinstance(register, GraphQLObjectType)
    assert (register.fields["familyName"].description or "").startswith("姓 · 医師 18 · Family name")
    for name, field in register.fields.items():
        assert str(field.type).endswith("!") is (name == "redacted"), name
    practice = types["DoctorPracticeReport"]
    assert isinstance(practice, GraphQLObjectType)
    assert str(practice.fields["clinicalDepartments"].type) == "[Code!]!"


def test_inputs_leave_out_what_nobody_sets(host: Host, schema: strawberry.Schema) -> None:
    spec = host["doctor"].groups["register"]
    given = core(schema).type_map["DoctorRegisterInput"]
    assert isinstance(given, GraphQLInputObjectType)
    assert set(given.fields) == {camel(i.name) for i in spec.items.values() if i.settable}
    assert [name for name, field in given.fields.items() if str(field.type).endswith("!")] == []


def test_no_number_leaves_but_by_reveal(schema: strawberry.Schema) -> None:
    objects = [t for t in core(schema).type_map.values() if isinstance(t, GraphQLObjectType)]
    shown = {
        (t.name, name): str(field.type)
        for t in objects
        for name, field in t.fields.items()
        if name in NUMBERS or (name == "number" and get_named_type(field.type).name == "String")
    }
    revealed = shown.pop(("RevealNumberPayload", "number"))
    assert revealed == "String"
    assert set(shown.values()) == {"NumberStatus!"}
    assert {owner for owner, _ in shown} == {"DoctorLicence", "Numbers", "ResidentRecord"} & {
        o for o, _ in shown
    }
    status = core(schema).type_map["NumberStatus"]
    assert isinstance(status, GraphQLObjectType)
    assert {name: str(field.type) for name, field in status.fields.items()} == {
        "held": "Boolean!", "destroyedAt": "DateTime",
    }  # fmt: skip


def test_every_closed_set_has_its_words() -> None:
    told: list[tuple[Any, Any]] = [
        (State, words.STATES), (DispositionState, words.DISPOSITION_STATES), (Verb, words.VERBS),
    ]  # fmt: skip
    for closed, texts in told:
        assert set(texts) == set(closed)
        assert all(ja and en and ja != en for ja, en in texts.values())


def test_the_reveal_has_no_id_for_a_cache(schema: strawberry.Schema) -> None:
    payload = core(schema).type_map["RevealNumberPayload"]
    assert isinstance(payload, GraphQLObjectType)
    assert set(payload.fields) == {"number", "userErrors"}
