"""Compiled reads, by what they ask, what they leave to graphql-core, and what `meibo explain` tells of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import strawberry

from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal, Surface
from meibo.access.tokens import command_principal
from meibo.audit.leaves import LeafKind
from meibo.errors import OperatorError
from meibo_graphql.context import RegistryContext
from meibo_graphql.explaining import explained
from meibo_graphql.explorer.examples import read_examples
from meibo_graphql.http import Operation
from meibo_graphql.reads.steps import OFTEN
from meibo_graphql.surfaces.registry import RegistrySurface
from tests.operator import operator_get
from tests.schema.conftest import Api

QUERIES = Path(__file__).parents[2] / "bench" / "queries" / "meibo"
HOT = {file.stem: file.read_text("utf-8") for file in sorted(QUERIES.glob("*.graphql"))}
LEFT = {"mutation": "operation"}
"""What of our own documents is left to graphql-core, and why: what changes the register."""
ONE = """query One($id: ID!) { licence(by: {id: $id}) { id ... on DoctorLicence {
  register { familyName sexCode { code } } dispositions { id } } } }"""


@pytest.fixture
def surface(api: Api, schema: strawberry.Schema) -> RegistrySurface:
    return RegistrySurface(api.installation, schema)


def officer(api: Api) -> Principal:
    """Somebody who may read everything of every profession."""
    return Principal(
        "o",
        "office",
        "t",
        Surface.REGISTRY,
        ROLES[Role.OFFICER],
        frozenset(api.installation.host.professions),
    )


async def answer(api: Api, surface: RegistrySurface, operation: Operation) -> str:
    """How an operation is answered: `compiled`, or why not."""
    who = officer(api)
    reader = api.installation.reader(who, "test")
    before = surface.reads.answered.copy()
    await surface.answer(operation, RegistryContext(api.installation, who, reader, surface.ids))
    [told] = (surface.reads.answered - before).keys()
    return told


@pytest.mark.parametrize("document", HOT.values(), ids=HOT.keys())
async def test_hot_documents_are_compiled(api: Api, surface: RegistrySurface, document: str) -> None:
    variables = {"id": (await api.register(0))["id"], "prefecture": "13", "after": None}
    kind = document.lstrip().split()[0].split("(")[0]
    given = {name: value for name, value in variables.items() if f"${name}" in document}
    assert await answer(api, surface, Operation(document, given)) == LEFT.get(kind, "compiled")


async def test_an_answer_is_the_same_once_its_document_is_asked_often(
    api: Api, surface: RegistrySurface
) -> None:
    who = officer(api)
    operation = Operation(ONE, {"id": (await api.register(0))["id"]})
    told: list[bytes | None] = []
    for _ in range(OFTEN + 1):
        context = RegistryContext(api.installation, who, api.installation.reader(who, "test"), surface.ids)
        told.append((await surface.answer(operation, context)).body)
    assert told == [told[0]] * (OFTEN + 1)
    assert b'"sexCode"' in (told[0] or b"")


async def test_examples_of_the_explorer_are_compiled(api: Api, surface: RegistrySurface) -> None:
    told = {}
    for example in read_examples():
        kind = "mutation" if example.query.startswith("mutation") else "query"
        told[example.id] = kind, await answer(api, surface, Operation(example.query, example.variables))
    assert set(told.values()) <= {("query", "compiled"), ("mutation", "operation")}


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ __type(name: "Query") { name } }', "introspection"),
        ("query($first: Int!) { doctorLicences(first: $first) { totalCount } }", "variables"),
    ],
)
async def test_what_is_left_to_graphql_core(
    api: Api, surface: RegistrySurface, document: str, reason: str
) -> None:
    assert await answer(api, surface, Operation(document, {})) == reason


async def test_a_licence_and_its_group_are_one_statement(api: Api, surface: RegistrySurface) -> None:
    made = await api.register(0)
    operation = Operation(ONE.replace("dispositions { id }", ""), {"id": made["id"]})
    await answer(api, surface, operation)  # From here on the profession is guessed.
    with api.statements() as asked:
        assert await answer(api, surface, operation) == "compiled"
    [sql] = asked
    assert "doctor_register.sealed" in sql


async def test_a_blob_is_read_only_where_an_item_lies_in_it(api: Api, surface: RegistrySurface) -> None:
    made = await api.register(0)
    clear = Operation(ONE.replace("familyName", "").replace("dispositions { id }", ""), {"id": made["id"]})
    for _ in range(2):
        with api.statements() as asked:
            assert await answer(api, surface, clear) == "compiled"
    assert "sealed" not in asked[0]


async def test_explain_tells_plan_statements_audit_and_cost(api: Api) -> None:
    made = await api.register(0)
    operator = command_principal("test", api.installation.host.professions)
    lines = await explained(api.installation, operator, Role.OFFICER, ONE, {"id": made["id"]}, None)
    assert lines[:2] == ["Plan", "  licence  (root, with what its licences' groups need in one statement)"]
    assert any("FROM licence JOIN licence_span" in line for line in lines)
    assert "      doctor: 1 licences, 0 search terms" in lines
    assert lines[-1].startswith("Cost  ")
    assert made["registrationNumber"] not in "\n".join(lines)
    [leaf] = [each for each in await api.leaves(LeafKind.READ) if each.operation == "explain"]
    assert (leaf.account, leaf.subjects) == ("operator", (made["pseudonym"],))


@pytest.mark.parametrize("document", ["{", "{ nothing }"])
async def test_explain_refuses_what_the_server_would(api: Api, document: str) -> None:
    operator = command_principal("test", api.installation.host.professions)
    with pytest.raises(OperatorError, match=r"PARSE_FAILED|VALIDATION_FAILED"):
        await explained(api.installation, operator, Role.OFFICER, document, {}, None)


async def test_metrics_count_how_operations_were_answered(api: Api) -> None:
    caller = await api.caller()
    await caller.ask("{ viewer { account } }")
    await caller.ask("{ __typename }")
    await caller.send("{ __schema { queryType { name } } }")
    told = await operator_get(api.http, "/metrics")
    assert told.headers["content-type"].startswith("application/openmetrics-text")
    assert 'meibo_operations_total{answered="compiled"} 2' in told.text
    assert 'meibo_operations_total{answered="introspection"} 1' in told.text
    assert told.text.endswith("# EOF\n")
