"""Point reads that come at once go together, and each is answered as it is by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import update
from starlette.requests import Request

from meibo import clock
from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Surface
from meibo.access.tokens import Account
from meibo.audit.leaves import LeafKind
from meibo.database.stores import COMMIT, Store
from meibo.register import tables
from meibo_graphql.app import PATH, Server
from meibo_graphql.http import GraphQLEndpoint
from meibo_graphql.http.answers import Answer
from meibo_graphql.http.deadlines import Deadlines
from meibo_graphql.http.negotiation import MediaType
from meibo_graphql.ids import NodeIds, NodeKind
from meibo_graphql.reads import Point
from meibo_graphql.surfaces import points
from meibo_graphql.surfaces.points import PointReads
from tests.schema.conftest import Api, Caller

ONE = """query One($id: ID!) { licence(by: {id: $id}) {
  __typename id pseudonym state registrationNumber registrationDate
  ... on DoctorLicence { register { familyName sexCode { code label } birthDate { value } redacted { item } } }
} }"""
BY = "query By($by: LicenceKey!) { licence(by: $by) { pseudonym holder { fullName redacted { item } } } }"
NOBODY = "AAAA"
IN_TIME = 5
Look = tuple[str, str, Sequence[str], int | None]
"""What a leaf tells of a read: account, operation, subjects and their count."""


@dataclass
class Turn:
    """A request that waits."""

    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    by_itself: bool = False

    def reply(self, answer: Answer) -> None:
        self.answer.set_result(answer)

    def settle(self, answering: Awaitable[Answer]) -> None:
        self.by_itself = True
        task = asyncio.ensure_future(answering)
        task.add_done_callback(lambda done: self.reply(done.result()))


@dataclass(frozen=True)
class Asked:
    """Who asks what."""

    caller: Caller
    variables: dict[str, Any]
    query: str = ONE


@dataclass
class Registry:
    """The registry's endpoint, asked several things at once."""

    api: Api
    endpoint: GraphQLEndpoint

    def take(self, asked: Asked) -> Turn:
        """One request."""
        headers = [(b"authorization", f"Bearer {asked.caller.token}".encode())]
        body = orjson.dumps({"query": asked.query, "variables": asked.variables})
        turn = Turn()
        self.endpoint.take(
            Request({"type": "http", "headers": headers}), body, MediaType.GRAPHQL_RESPONSE, turn
        )
        return turn

    async def at_once(self, *every: Asked) -> list[Turn]:
        """All of them, answered."""
        turns = [self.take(asked) for asked in every]
        async with asyncio.timeout(IN_TIME):
            await asyncio.gather(*(turn.answer for turn in turns))
        return turns

    async def prepare(self, caller: Caller, id: str) -> None:
        """Have a caller known, and the documents prepared."""
        for query, variables in ((ONE, {"id": id}), (BY, {"by": {"id": id}})):
            await self.by_itself(Asked(caller, variables, query))

    async def by_itself(self, asked: Asked) -> bytes:
        """The body of the answer to a request that nobody else's goes with."""
        response = await asked.caller.send(asked.query, asked.variables)
        return response.content

    @asynccontextmanager
    async def looks(self) -> AsyncIterator[list[Look]]:
        """What the log is told of reads meanwhile."""
        before, found = len(await self.api.leaves(LeafKind.READ)), list[Look]()
        yield found
        leaves = (await self.api.leaves(LeafKind.READ))[before:]
        found += sorted((leaf.account, leaf.operation, leaf.subjects, leaf.count) for leaf in leaves)


def bodies(turns: Sequence[Turn]) -> list[bytes]:
    return [turn.answer.result().body for turn in turns]


def codes(turns: Sequence[Turn]) -> list[str]:
    return [orjson.loads(body)["errors"][0]["extensions"]["code"] for body in bodies(turns)]


@pytest.fixture
def registry(api: Api) -> Registry:
    assert isinstance(api.app, Server)
    endpoint = api.app.direct.endpoints[PATH.encode()]
    assert isinstance(endpoint, GraphQLEndpoint)
    return Registry(api, endpoint)


@pytest.fixture
async def ids(api: Api) -> list[str]:
    """Those of three doctors."""
    return [(await api.register(index))["id"] for index in range(3)]


async def of_office(api: Api, office: str) -> Caller:
    """An officer who reaches the entries of one receiving office alone."""
    tokens, name = api.installation.tokens, f"of-{office}"
    await tokens.add_account(
        Account(
            id=name, name_ja=name, name_en=name, institution="Test office", role=Role.OFFICER, professions=("*",),
            offices=(office,),
        )
    )  # fmt: skip
    return Caller(api.http, await tokens.issue(name, "terminal-1"))


@pytest.fixture
async def callers(api: Api, registry: Registry, ids: list[str]) -> list[Caller]:
    """Two with the same rights. Their tokens are known, and the documents are prepared."""
    found = [await api.caller(Role.OFFICER), await api.caller(Role.OFFICER, ("*",))]
    for caller in found:
        await registry.prepare(caller, ids[0])
    return found


def pseudonym(body: bytes) -> str:
    return str(orjson.loads(body)["data"]["licence"]["pseudonym"])


async def test_they_share_a_statement_and_a_commit(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    every = [Asked(caller, {"id": id}) for caller in callers for id in ids]
    alone = [await registry.by_itself(asked) for asked in every]
    with api.statements() as asked, api.statements(Store.AUDIT) as written:
        turns = await registry.at_once(*every)
    assert bodies(turns) == alone
    assert not any(turn.by_itself for turn in turns)
    assert len(asked) == 1
    assert written.count(COMMIT) == 1


async def test_a_leaf_tells_who_looked_at_whom(
    registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    first, second = callers
    async with registry.looks() as looks:
        turns = await registry.at_once(
            Asked(first, {"id": ids[0]}),
            Asked(second, {"id": ids[1]}),
            Asked(second, {"by": {"id": ids[2]}}, BY),
        )
    [one, two] = map(pseudonym, bodies(turns)[:2])
    three = pseudonym(await registry.by_itself(Asked(first, {"id": ids[2]})))
    assert looks == [
        ("officer-1", "One", (one,), 1),
        ("officer-2", "By", (three,), 1),
        ("officer-2", "One", (two,), 1),
    ]


@pytest.mark.parametrize(("enough", "asked_for"), [(16, 1), (1, 2)])
async def test_the_next_wait_for_those_before_unless_they_are_enough(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str], monkeypatch: pytest.MonkeyPatch,
    enough: int, asked_for: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(points, "MOST", 2)
    monkeypatch.setattr(points, "ENOUGH", enough)
    write, written, seen = api.installation.audit._write, asyncio.Event(), asyncio.Event()

    async def slow(leaves: Any) -> None:
        await written.wait()
        await write(leaves)

    monkeypatch.setattr(api.installation.audit, "_write", slow)

    def look(_statement: str) -> None:
        if len(asked) >= asked_for:
            seen.set()

    with api.statements() as asked:
        api.installation.register.heard.append(look)
        answering = asyncio.ensure_future(registry.at_once(*(Asked(callers[0], {"id": id}) for id in ids)))
        await asyncio.wait_for(seen.wait(), IN_TIME)
        await asyncio.sleep(0.02)
        assert len(asked) == asked_for
        written.set()
        assert len({pseudonym(body) for body in bodies(await answering)}) == 3
    assert len(asked) == 2


async def test_nobody_sees_what_another_may(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    viewer, elsewhere = await api.caller(Role.VIEWER), await of_office(api, "47")
    for caller in (viewer, elsewhere):
        await registry.prepare(caller, ids[0])
    every = [Asked(caller, {"id": ids[1]}) for caller in (callers[0], viewer, elsewhere)]
    alone = [await registry.by_itself(asked) for asked in every]
    with api.statements() as asked:
        turns = await registry.at_once(*every)
    assert bodies(turns) == alone
    assert len(set(alone)) == 3
    assert alone[2] == b'{"data":{"licence":null}}'
    assert [turn.by_itself for turn in turns] == [False, False, True]
    assert len(asked) == 3 + 2  # Of each rights one; whom a caller may not know of is looked for by itself.


async def test_what_is_not_found_is_no_others_loss(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    caller = callers[0]
    unknown = NodeIds(api.installation.keys.newest("nodes"), Surface.REGISTRY).seal(NodeKind.LICENCE, uuid4())
    given = [NOBODY, unknown, ids[0]]
    async with registry.looks() as looks:
        turns = await registry.at_once(*(Asked(caller, {"id": id}) for id in given))
    assert bodies(turns)[:2] == [b'{"data":{"licence":null}}'] * 2
    assert looks == [("officer-1", "One", (pseudonym(bodies(turns)[2]),), 1)]


async def test_a_broken_seal_is_no_others_loss(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    every = [Asked(callers[0], {"id": id}) for id in ids]
    whole = [await registry.by_itself(asked) for asked in every]
    async with api.installation.register.write([1]) as work:
        broken = update(tables.licence).where(tables.licence.c.pseudonym == pseudonym(whole[1]))
        await work.connection.execute(broken.values(wrapped_key=b"x" * 60))
        await work.commit()
    await registry.prepare(callers[0], ids[0])
    async with registry.looks() as looks:
        turns = await registry.at_once(*every)
    assert [turn.by_itself for turn in turns] == [False, True, False]
    assert bodies(turns)[::2] == whole[::2]
    assert codes(turns[1:2]) == ["SEAL_BROKEN"]
    # The leaves are on their way before seals are opened; the broken one is looked at once more, by itself.
    [first, broken_one, third] = map(pseudonym, whole)
    assert looks == sorted(("officer-1", "One", (who,), 1) for who in (first, broken_one, broken_one, third))


async def test_leaves_are_on_their_way_while_answers_are_written(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = list[str]()
    append, answers = api.installation.audit._database.append, Point.answers

    async def appended(*inserts: Any) -> None:
        done.append("begun")
        await append(*inserts)
        done.append("durable")

    async def answered(*asked: Any) -> list[bytes]:
        done.append("answered")
        return await answers(*asked)

    monkeypatch.setattr(api.installation.audit._database, "append", appended)
    monkeypatch.setattr(Point, "answers", answered)
    await registry.at_once(*(Asked(callers[0], {"id": id}) for id in ids))
    assert done == ["begun", "answered", "durable"]


async def test_whatever_goes_wrong_each_is_answered_by_itself(
    registry: Registry, callers: list[Caller], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [Asked(callers[0], {"id": id}) for id in ids]
    alone = [await registry.by_itself(asked) for asked in every]
    surface: Any = registry.endpoint.together
    reads: PointReads = surface.__self__.points
    monkeypatch.setattr(reads, "context", lambda _principal: 1 / 0)
    turns = await registry.at_once(*every)
    assert [turn.by_itself for turn in turns] == [True] * 3
    assert bodies(turns) == alone
    assert not reads._gathering  # The next are not kept waiting.


async def test_without_its_leaf_nothing_leaves(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    api.silence(Store.AUDIT)
    turns = await registry.at_once(*(Asked(callers[0], {"id": id}) for id in ids))
    assert codes(turns) == ["AUDIT_UNAVAILABLE"] * 3
    assert not any(b"data" in body for body in bodies(turns))


async def test_who_may_not_read_is_refused_with_a_leaf(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLES, Role.VIEWER, frozenset())
    nobody = await api.caller(Role.VIEWER)
    await registry.by_itself(Asked(nobody, {"id": ids[0]}))
    turns = await registry.at_once(Asked(nobody, {"id": ids[0]}), Asked(callers[0], {"id": ids[0]}))
    assert codes(turns[:1]) == ["FORBIDDEN"]
    assert pseudonym(bodies(turns)[1])
    refusals = [leaf.operation for leaf in await api.leaves(LeafKind.REFUSAL)]
    assert refusals == ["licence", "licence"]


async def test_a_withdrawn_token_is_refused_at_once(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    await api.installation.tokens.withdraw("officer-1")
    turns = await registry.at_once(*(Asked(caller, {"id": ids[0]}) for caller in callers))
    assert codes(turns[:1]) == ["UNAUTHENTICATED"]
    assert pseudonym(bodies(turns)[1])


async def test_who_asks_too_much_at_once_is_refused_alone(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    most = api.installation.settings.requests_per_caller
    turns = await registry.at_once(
        *(Asked(callers[0], {"id": ids[0]}) for _ in range(most + 1)), Asked(callers[1], {"id": ids[0]})
    )
    assert codes(turns[most : most + 1]) == ["RATE_LIMITED"]
    assert len({pseudonym(body) for body in bodies([*turns[:most], turns[-1]])}) == 1
    await registry.prepare(callers[0], ids[0])
    again = await registry.at_once(*(Asked(callers[0], {"id": ids[0]}) for _ in range(most)))
    assert not any(turn.by_itself for turn in again)


async def test_what_takes_too_long_is_given_up_and_shows_nothing(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    surface: Any = registry.endpoint.together
    monkeypatch.setattr(surface.__self__.points, "deadlines", Deadlines(0.05))
    writes, let_go = api.installation.audit._write, asyncio.Event()

    async def slow(leaves: Any) -> None:
        await let_go.wait()
        await writes(leaves)

    monkeypatch.setattr(api.installation.audit, "_write", slow)
    turns = await registry.at_once(*(Asked(caller, {"id": ids[0]}) for caller in callers))
    assert codes(turns) == ["TIMEOUT"] * 2
    let_go.set()
    again = await registry.at_once(Asked(callers[0], {"id": ids[0]}))
    assert pseudonym(bodies(again)[0])


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($id: ID!, $on: Date) { licence(by: {id: $id}) { state(on: $on) } }", {"on": "2020-01-01"}),
        ("query($id: ID!) { licence(by: {id: $id}) { id } viewer { account } }", {}),
        ("query($id: ID!) { licence(by: {id: $id}) { viewerMay history { edges { cursor } } } }", {}),
        ("query($id: ID!) { node(id: $id) { id } }", {}),
        ("query($id: ID!) { a: licence(by: {id: $id}) { id } b: licence(by: {id: $id}) { id } }", {}),
        ("query A($id: ID!) { licence(by: {id: $id}) { id } } query B($id: ID!) { node(id: $id) { id } }", {}),
        (ONE, {"more": 1}),
    ],
)  # fmt: skip
async def test_others_are_answered_by_themselves(
    registry: Registry, callers: list[Caller], ids: list[str], query: str, variables: dict[str, Any]
) -> None:
    asked = Asked(callers[0], {"id": ids[0], **variables}, query)
    alone = await registry.by_itself(asked)
    turns = await registry.at_once(asked, asked)
    assert [turn.by_itself for turn in turns] == [True, True]
    assert bodies(turns) == [alone, alone]


async def test_what_falls_due_today_is_looked_up_by_itself(
    api: Api, registry: Registry, callers: list[Caller], ids: list[str]
) -> None:
    async with api.installation.register.write([1]) as work:
        await work.connection.execute(update(tables.licence).values(next_change_date=clock.today()))
        await work.commit()
    turns = await registry.at_once(*(Asked(callers[0], {"id": id}) for id in ids))
    assert [turn.by_itself for turn in turns] == [True] * 3
    assert len({pseudonym(body) for body in bodies(turns)}) == 3
