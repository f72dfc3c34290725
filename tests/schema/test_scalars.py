"""The scalars: each published with its specification, each read and written as published."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    is_specified_scalar_type,
)

from meibo.host import Host
from meibo_graphql import scalars
from meibo_graphql.groups import INPUT, OUTPUT, type_name
from meibo_graphql.reference import spelt
from meibo_graphql.registry import registry_schema
from meibo_graphql.scalars import PUBLISHED, Scalar
from tests.schema.conftest import Api, Caller, camel, register_input

VALUES = {
    "Date": date(2026, 4, 1), "DateTime": datetime(2026, 4, 1, 0, 30, tzinfo=UTC), "EDTF": "1950-05-XX",
    "YearMonth": "1950-05",
}  # fmt: skip
"""What each published example means."""
CLIENTS = Path(__file__).parents[1] / "conformance" / "clients"
REGISTER = "mutation($input: RegisterDoctorLicenceInput!) { registerDoctorLicence(input: $input) { %s } }"


@pytest.fixture(scope="module")
def whole(all_professions: Host) -> GraphQLSchema:
    """The schema of all ten professions: together they use every scalar."""
    return registry_schema(all_professions)._schema


def named(whole: GraphQLSchema, scalar: Scalar) -> GraphQLScalarType:
    """A scalar of the schema."""
    found = whole.type_map[scalar.name]
    assert isinstance(found, GraphQLScalarType)
    return found


def test_every_scalar_is_published_with_its_specification(whole: GraphQLSchema) -> None:
    used = {
        t.name: t.specified_by_url
        for t in whole.type_map.values()
        if isinstance(t, GraphQLScalarType) and not is_specified_scalar_type(t)
    }
    assert used == {s.name: s.specified_by for s in PUBLISHED}
    assert len(used) == len(scalars.SCALARS) == 4


@pytest.mark.parametrize("scalar", PUBLISHED, ids=lambda scalar: scalar.name)
def test_the_example_is_what_goes_in_and_comes_out(whole: GraphQLSchema, scalar: Scalar) -> None:
    made, written = named(whole, scalar), json.loads(scalar.example)
    assert made.parse_value(written) == VALUES[scalar.name]
    assert made.serialize(VALUES[scalar.name]) == written


def test_the_conformance_suite_maps_them_as_published() -> None:
    published = {s.name: s.typescript for s in PUBLISHED}
    codegen = re.findall(r"^    (\w+): (\w+)$", (CLIENTS / "codegen.yml").read_text("utf-8"), re.MULTILINE)
    assert dict(codegen) == {"ID": "string", **published}
    relay = json.loads((CLIENTS / "relay.config.json").read_text("utf-8"))
    assert (relay["customScalarTypes"], relay["requireCustomScalarTypes"]) == (published, True)


def test_the_page_spells_each_kind_as_the_schema_does(all_professions: Host, whole: GraphQLSchema) -> None:
    for profession in all_professions.professions.values():
        for spec in profession.content_groups:
            shown, taken = (whole.type_map.get(type_name(profession, spec) + end) for end in ("", "Input"))
            assert isinstance(shown, GraphQLObjectType)
            for item in spec.items.values():
                out, name = str(shown.fields[camel(item.name)].type).rstrip("!"), item.kind.name
                assert out == spelt(OUTPUT[name]), (spec.key, item.name)
                if isinstance(taken, GraphQLInputObjectType) and item.settable:
                    assert str(taken.fields[camel(item.name)].type) == spelt(INPUT.get(name, str))


@pytest.mark.parametrize("raw", [1, True, 1.5, ["2026-04-01"], {}])
@pytest.mark.parametrize("scalar", PUBLISHED, ids=lambda scalar: scalar.name)
def test_what_is_no_text_is_refused(whole: GraphQLSchema, scalar: Scalar, raw: object) -> None:
    with pytest.raises(ValueError, match=r"\A\Z"):
        named(whole, scalar).parse_value(raw)


async def test_a_faulty_partial_date_is_a_finding_at_its_place(api: Api) -> None:
    clerk = await api.caller()
    given = register_input(api.key(), birthDate="1950-13")
    payload = await clerk.ask(REGISTER % "licence { id } userErrors { code path }", {"input": given})
    assert payload["registerDoctorLicence"] == {
        "licence": None, "userErrors": [{"code": "INVALID_VALUE", "path": ["register", "birthDate"]}],
    }  # fmt: skip


async def test_a_number_for_a_partial_date_is_an_error_that_does_not_repeat_it(officer: Caller) -> None:
    given = register_input("key", birthDate=19500503)
    response = await officer.send(REGISTER % "licence { id }", {"input": given})
    [error] = response.json()["errors"]
    assert error["message"] == "The value at `$input.register.birthDate` is not a valid EDTF."
    assert (error["extensions"]["code"], "19500503" in response.text) == ("BAD_VARIABLES", False)
