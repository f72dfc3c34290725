"""How large an operation may be: measured in one pass, refused before it is parsed, validated or run."""

from __future__ import annotations

import pytest
from graphql import DocumentNode, GraphQLError, build_schema, parse

from meibo_graphql.http import Operation, SchemaExecutor
from meibo_graphql.http.prepared import Prepared
from meibo_graphql.limits import Callers, OperationLimits, measure, require_cost, require_text
from meibo_graphql.limits import callers as callers_module
from meibo_graphql.sanitizing import SafeError

SCHEMA = build_schema(
    """
    type Query { me: Person  people(first: Int, last: Int): PersonConnection!  nodes(ids: [ID!]!): [Person]! }
    type PersonConnection { edges: [Edge!]!  nodes: [Person!]!  totalCount: Int! }
    type Edge { cursor: String!  node: Person! }
    type Person { id: ID!  name: String  best: Person  friends(first: Int): PersonConnection!  pets: [Pet!]! }
    type Pet { name: String }
    """
)


def size(text: str) -> tuple[int, int, int, int]:
    found = measure(SCHEMA, parse(text))
    return found.depth, found.fields, found.aliases, found.directives


def cost(text: str, **variables: object) -> int:
    [found] = measure(SCHEMA, parse(text)).costs.values()
    return found.value(variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { id } }", (2, 2, 0, 0)),
        ("{ a: me { id b: name @skip(if: true) } }", (2, 3, 2, 1)),
        ("{ me { best { best { id } } } }", (4, 4, 0, 0)),
        ("{ me { ...P ...P } } fragment P on Person { id best { x: id } }", (3, 7, 2, 0)),
        ("query A { me { id } } query B @b { me { best { id } } }", (3, 5, 0, 1)),
        ("{ me { ... on Person @include(if: true) { id } ... { name } } }", (2, 3, 0, 1)),
        ("{ nothing { at { all } } ...Missing }", (3, 3, 0, 0)),
    ],
)
def test_size(text: str, expected: tuple[int, int, int, int]) -> None:
    assert size(text) == expected


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("{ me { id name } }", {}, 1),
        ("{ me { pets { name } } }", {}, 1 + 5),
        ("{ people(first: 10) { nodes { id } } }", {}, 10 * (1 + 1)),
        ("{ people { edges { cursor node { id } } } }", {}, 50 * (1 + 1 + 1)),
        ("{ people(first: 10) { nodes { friends(last: 1, first: 3) { nodes { id } } } } }", {}, 10 * (2 + 3 * 2)),
        ("{ people(first: 999999999999) { nodes { id } } }", {}, 500 * 2),
        ("{ people(first: -1) { nodes { id } } }", {}, 2),
        ("query($n: Int) { people(first: $n) { nodes { id } } }", {"n": 7}, 14),
        ("query($n: Int) { people(first: $n) { nodes { id } } }", {}, 100),
        ("query($n: Int = 3) { people(first: $n) { nodes { id } } }", {}, 6),
        ("query($n: Int) { people(first: $n) { nodes { id } } }", {"n": "7"}, 100),
        ("query($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 9}, 9),
        ('{ nodes(ids: ["a", "b"]) { id } }', {}, 2),
        ("{ __schema { types { name } } }", {}, 0),
        ("query($n: Int) { a: people(first: $n) { ...C } } fragment C on PersonConnection { nodes { ...P } }"
         " fragment P on Person { friends(first: $n) { nodes { id } } }", {"n": 4}, 4 * (2 + 4 * 2)),
    ],
)  # fmt: skip
def test_cost(text: str, variables: dict[str, object], expected: int) -> None:
    assert cost(text, **variables) == expected


def test_the_operation_that_is_run_is_what_costs() -> None:
    text = "query A { me { id } } query B { people(first: 20) { nodes { id } } }"
    found, limits = measure(SCHEMA, parse(text)), OperationLimits(cost=30)
    require_cost(found, "A", {}, limits)
    with pytest.raises(SafeError) as refused:
        require_cost(found, "B", {}, limits)
    assert refused.value.formatted["extensions"] == {
        "code": "TOO_COMPLEX", "limit": "cost", "allowed": 30, "found": 40,
    }  # fmt: skip


def chain(fragments: int, spread: int) -> str:
    """Fragments that each spread the next one several times."""
    parts = [f"fragment F{i} on Person {{ {f'best {{ ...F{i + 1} }} ' * spread}}}" for i in range(fragments)]
    return "{ me { ...F0 } } " + " ".join(parts) + f" fragment F{fragments} on Person {{ id }}"


def test_fan_out_is_measured_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each fragment is measured once: 1,000 selections for what would be 2**1000 fields."""
    from meibo_graphql.limits import measuring

    measured: list[object] = []
    plain = measuring._Gauge.selection

    def counted(self: object, node: object, parent: object) -> object:
        measured.append(node)
        return plain(self, node, parent)  # type: ignore[arg-type]

    monkeypatch.setattr(measuring._Gauge, "selection", counted)
    found = measure(SCHEMA, parse(chain(1_000, 2)))
    assert found.fields > 2**1000
    assert found.depth == 1 + 1_000 + 1
    assert (
        len(measured) == 2 + 1_000 * 3 + 1
    )  # the operation's, each fragment's and those of its fields, the last one's


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        (chain(30, 2), "depth"),
        (chain(15, 2), "fields"),
        ("{ me { " + " ".join(f"a{i}: id" for i in range(201)) + " } }", "aliases"),
        ("{ me { id " + "@include(if: true) " * 201 + "} }", "directives"),
        ("{ me { " + "id " * 400 + "} }", "repeats"),
        ("{" * 101, "nesting"),
        ("{ me { " + "id " * 4_000 + "} }", "tokens"),
        ("{ people(first: 500) { nodes { friends(first: 500) { nodes { id } } } } }", "cost"),
    ],
)
async def test_each_limit_is_refused_with_its_figures(text: str, limit: str) -> None:
    outcome = await SchemaExecutor(SCHEMA)(Operation(text), {})
    assert not outcome.executed
    [error] = outcome.errors
    assert error.extensions is not None
    told = error.extensions
    assert (told["code"], told["limit"]) == ("TOO_COMPLEX", limit)
    assert told["found"] > told["allowed"] == getattr(OperationLimits(), limit)
    assert limit in error.message


async def test_many_variables_are_refused() -> None:
    text = "query($i: [ID!]!) { nodes(ids: $i) { id } }"
    outcome = await SchemaExecutor(SCHEMA)(Operation(text, {"i": ["a"] * 10_000}), {})
    assert [e.extensions and e.extensions["limit"] for e in outcome.errors] == ["variables"]


@pytest.mark.parametrize(
    "text", ["{ ...A } fragment A on Query { ...B } fragment B on Query { me { best { ...A } } }",
             "{ me { ...A } } fragment A on Person { ...A }"],
)  # fmt: skip
def test_a_fragment_that_spreads_itself_is_named(text: str) -> None:
    with pytest.raises(SafeError, match=r"The fragment A spreads itself\."):
        measure(SCHEMA, parse(text))


@pytest.mark.parametrize(
    "text",
    ['{ me(a: "{ [ ( \\" { ") { id } }', '{ me(a: """ { " { """) { id } } # { { {', "{ me { id } }, ,, "],
)
def test_brackets_within_strings_and_comments_do_not_nest(text: str) -> None:
    require_text(text, OperationLimits(nesting=2))


def test_every_token_is_counted_at_least_once() -> None:
    text = (
        "query A($a: [Int!]! = [1, -2.5e3] @d) { a: me(b: $a, c: {d: E}) @e { ... on X { f } ...G } } # end"
    )
    with pytest.raises(SafeError) as refused:
        require_text(text, OperationLimits(tokens=1))
    assert refused.value.message.startswith("The operation is over the limit of tokens: 2 of 1.")
    tokens = 0
    token = parse(text, no_location=False).loc
    assert token is not None
    at = token.start_token.next
    while at and at.next:
        tokens, at = tokens + 1, at.next
    require_text(text, OperationLimits(tokens=tokens + 2))
    with pytest.raises(SafeError):
        require_text(text, OperationLimits(tokens=tokens - 1))


def test_a_caller_has_so_many_requests_under_way() -> None:
    callers = Callers(requests=2)
    with callers.request("a"), callers.request("a"), callers.request("b"):
        with pytest.raises(SafeError) as refused, callers.request("a"):
            raise AssertionError
        assert refused.value.formatted["extensions"] == {
            "code": "RATE_LIMITED", "limit": "requests", "allowed": 2, "retryAfter": 1,
        }  # fmt: skip
    with callers.request("a"):
        pass


def test_new_documents_come_back_with_time() -> None:
    now = 0.0
    callers = Callers(documents_per_second=2, documents_at_once=3, clock=lambda: now)
    for _ in range(3):
        callers.prepare("a")
    with pytest.raises(SafeError, match="documents"):
        callers.prepare("a")
    callers.prepare("b")
    now = 0.5
    callers.prepare("a")
    with pytest.raises(SafeError):
        callers.prepare("a")
    now = 1_000
    for _ in range(3):
        callers.prepare("a")
    with pytest.raises(SafeError):
        callers.prepare("a")


def test_idle_callers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers_module, "REMEMBERED", 2)
    callers = Callers()
    with callers.request("busy"):
        for name in "abc":
            callers.prepare(name)
    assert list(callers.known) == ["busy", "c"]


def test_prepared_documents_are_bounded_by_their_length() -> None:
    kept: Prepared[int] = Prepared(10)
    for number, text in enumerate(("aaaa", "bbbb", "aaaa", "cc")):
        kept.add((text, False), number)
    assert kept.get(("aaaa", False)) == 2
    kept.add(("dddd", False), 4)
    assert [text for text, _ in kept.kept] == ["cc", "aaaa", "dddd"]
    assert ("bbbb", False) not in kept
    kept.add(("e" * 11, False), 5)
    assert (list(kept.kept), kept.characters) == ([], 0)


def test_preferred_documents_are_forgotten_last() -> None:
    kept: Prepared[int] = Prepared(10, lambda text: text.startswith("a"))
    for number, text in enumerate(("aaaa", "bbbb", "cc", "dddd")):
        kept.add((text, False), number)
    assert [text for text, _ in kept.kept] == ["aaaa", "cc", "dddd"]
    kept.add(("aaaaaaaaa", False), 4)
    assert [text for text, _ in kept.kept] == ["aaaaaaaaa"]


def test_wrong_documents_are_measured_all_the_same() -> None:
    broken: DocumentNode = parse("subscription { a(first: [1]) { b(ids: 3) { c } } } fragment X on Y { z }")
    assert measure(SCHEMA, broken).depth == 3
    with pytest.raises(GraphQLError):
        parse("{")
