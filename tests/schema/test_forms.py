"""Forms: what the verbs that carry items take, told so that none is hard-coded."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLSchema, get_named_type

from meibo.access.permissions import Role
from meibo.host import Host
from meibo.identity import VerifiedBy
from meibo.items.declaration import Item
from meibo.items.kinds import KINDS
from meibo_graphql.forms import VERIFIED_BY, forms_of
from meibo_graphql.groups import INPUT
from meibo_graphql.registry import registry_schema
from tests.schema.conftest import Api, Caller, camel, register_input

FORMS = """{ professions { forms { verb mutation
  fields { ...Field } groups { name title required cardinality maxRows items { ...Field } }
} } }
fragment Field on FormField {
  name label en: label(language: EN) kind required multiline maxLength codeList codeTable open
  options { code label en: label(language: EN) }
}"""
REGISTER = """mutation($input: RegisterDoctorLicenceInput!) {
  registerDoctorLicence(input: $input) { userErrors { path } }
}"""
PROTOCOL = {"idempotencyKey", "validateOnly", "licenceId", "expectedVersion"}
"""What an input takes that no person fills in."""


@pytest.fixture(scope="module")
def whole(all_professions: Host) -> GraphQLSchema:
    """The schema of all ten professions."""
    return registry_schema(all_professions)._schema


async def told(caller: Caller) -> dict[str, Any]:
    """The forms of doctors, by verb."""
    [profession] = (await caller.ask(FORMS))["professions"]
    return {form["verb"]: form for form in profession["forms"]}


def field(form: Any, name: str) -> Any:
    """A field of the act."""
    return next(each for each in form["fields"] if each["name"] == name)


async def test_a_field_of_the_act(officer: Caller) -> None:
    form = (await told(officer))["register"]
    assert form["mutation"] == "registerDoctorLicence"
    assert field(form, "reason") == {
        "name": "reason", "label": "理由", "en": "Reason", "kind": "CODE", "required": True, "multiline": False,
        "maxLength": 32, "codeList": "reason_master", "codeTable": "reasons", "open": False, "options": [],
    }  # fmt: skip
    article = "医師法 5条、6条1項"
    assert field(form, "legalBasis")["options"][0] == {"code": "register", "label": article, "en": article}
    assert (field(form, "reasonText")["maxLength"], field(form, "reasonText")["multiline"]) == (500, True)
    assert [o["code"] for o in field(form, "verifiedBy")["options"]] == [how.name for how in VerifiedBy]
    assert field(form, "individualNumber")["maxLength"] == 12


async def test_only_a_correction_asks_why_it_comes_late(officer: Caller) -> None:
    forms = await told(officer)
    names = {verb: [each["name"] for each in form["fields"]] for verb, form in forms.items()}
    shared = ["effectiveDate", "reason", "legalBasis", "reasonText"]
    assert names == {
        "register": [*shared, "individualNumber", "verifiedBy"],
        "correct": [*shared, "delayReason"],
    }


async def test_where_an_item_takes_its_codes(officer: Caller) -> None:
    form = (await told(officer))["register"]
    assert [(g["name"], g["required"]) for g in form["groups"]] == [
        ("register", True), ("practiceReport", False), ("reeducation", False),
    ]  # fmt: skip
    items = {i["name"]: i for i in form["groups"][0]["items"]}
    assert (items["domicileCode"]["codeTable"], items["domicileCode"]["options"]) == ("domiciles", [])
    assert (items["sexCode"]["codeTable"], items["sexCode"]["open"]) == (None, False)
    assert {"code": "2", "label": "女", "en": "Female"} in items["sexCode"]["options"]
    assert (items["entryCategoryCode"]["open"], items["entryCategoryCode"]["options"]) == (True, [])
    assert "licencePseudonym" not in items


def test_every_way_of_verifying_has_its_words() -> None:
    assert set(VERIFIED_BY) == set(VerifiedBy)


def test_a_form_has_exactly_what_its_input_takes(all_professions: Host, whole: GraphQLSchema) -> None:
    assert whole.mutation_type
    for profession in all_professions.professions.values():
        for form in forms_of(profession):
            taken = get_named_type(whole.mutation_type.fields[form.mutation].args["input"].type)
            assert isinstance(taken, GraphQLInputObjectType)
            assert form.input == taken.name
            shown = {camel(each.source.name) for each in form.fields} | {
                camel(group.source.key) for group in form.groups
            }
            assert shown == taken.fields.keys() - PROTOCOL, form.mutation
            for group in form.groups:
                inner = get_named_type(taken.fields[camel(group.source.key)].type)
                assert isinstance(inner, GraphQLInputObjectType)
                assert [camel(n.item.name) for n in group.listed] == list(inner.fields), group.source.key


def test_every_code_can_be_chosen_or_typed(all_professions: Host, whole: GraphQLSchema) -> None:
    assert whole.query_type
    tables = {name for name, f in whole.query_type.fields.items() if _is_code_table(f.type)}
    for profession in all_professions.professions.values():
        for item in _coded(profession):
            assert item.codes, (profession.code, item.name)
            assert item.codes.values or item.codes.table or item.codes.open, (profession.code, item.name)
    assert {"reasons", "domiciles", "trainingFacilities"} <= tables


def test_a_lone_profession_has_the_tables_that_it_does_not_list(all_professions: Host) -> None:
    alone = all_professions.without({c: "" for c in all_professions.professions if c != "careworker"})
    assert list(alone.professions) == ["careworker"]
    query = registry_schema(alone)._schema.query_type
    assert query
    assert {"reasons", "domiciles"} <= query.fields.keys()
    assert "trainingFacilities" not in query.fields


@pytest.mark.parametrize("name", INPUT)
def test_kinds_of_an_input_are_kinds_of_core(name: str) -> None:
    assert name in {kind.name for kind in KINDS}


async def test_what_a_form_says_can_be_handed_in(api: Api) -> None:
    clerk = await api.caller(Role.CLERK)
    form = (await told(clerk))["register"]
    longest = {i["name"]: i["maxLength"] for i in form["groups"][0]["items"]}
    for extra, findings in ((0, []), (1, [{"path": ["register", "familyName"]}])):
        name = "山" * (longest["familyName"] + extra)
        given = register_input(api.key(), familyName=name, registrationNumber=f"20000{extra}")
        answer = await clerk.ask(REGISTER, {"input": given})
        assert answer["registerDoctorLicence"]["userErrors"] == findings


def _is_code_table(type_: Any) -> bool:
    return "CodeTableRow" in {i.name for i in getattr(get_named_type(type_), "interfaces", ())}


def _coded(profession: Any) -> list[Item]:
    """The items that a form fills with codes."""
    groups = profession.content_groups
    return [i for g in groups for i in g.items.values() if i.settable and i.kind.name in ("code", "codes")]
