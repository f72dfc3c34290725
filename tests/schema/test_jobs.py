"""The queue at the registry's API: what waits, what is dead, and trying it again."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from meibo.access.permissions import Role
from meibo.audit.leaves import LeafKind
from meibo.jobs import JobState, enqueue
from meibo.jobs.tables import job
from tests.core.jobs.kinds import NOTE, Note
from tests.schema.conftest import Api, Caller

LIST = "query($state: JobState) { jobs(state: $state) { nodes { id kind state attempts failure } } }"
PAGES = """
query($first: Int, $after: String, $state: JobState) {
  jobs(first: $first, after: $after, state: $state) {
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
COUNTS = "{ jobCounts { kind state count } }"


def verb(name: str) -> str:
    taken = "mutation($input: JobActInput!)"
    return (
        f"{taken} {{ {name}(input: $input) {{ job {{ state attempts }} userErrors {{ code rule path }} }} }}"
    )


@pytest.fixture
async def dead(api: Api) -> UUID:
    """A job that failed too often."""
    async with api.installation.register.write() as work:
        id = await enqueue(work.connection, NOTE, Note(uuid4()))
        await work.connection.execute(update(job).values(state=JobState.DEAD, attempts=3, failure="X"))
        await work.commit()
    assert id is not None
    return id


@pytest.fixture
async def administrator(api: Api) -> Caller:
    return await api.caller(Role.ADMINISTRATOR)


async def test_a_dead_job_is_seen_and_tried_again(api: Api, administrator: Caller, dead: UUID) -> None:
    stands = {"id": str(dead), "kind": "test.note", "state": "DEAD", "attempts": 3, "failure": "X"}
    assert await administrator.ask(LIST, {"state": "DEAD"}) == {"jobs": {"nodes": [stands]}}
    assert await administrator.ask(LIST, {"state": "WAITING"}) == {"jobs": {"nodes": []}}
    count = {"kind": "test.note", "state": "DEAD", "count": 1}
    assert await administrator.ask(COUNTS) == {"jobCounts": [count]}
    named = {"jobId": str(dead)}
    validated = await administrator.ask(verb("retryJob"), {"input": named | {"validateOnly": True}})
    assert validated == {"retryJob": {"job": None, "userErrors": []}}
    assert await administrator.ask(LIST) == {"jobs": {"nodes": [stands]}}
    retried = await administrator.ask(verb("retryJob"), {"input": named})
    assert retried == {"retryJob": {"job": {"state": "WAITING", "attempts": 0}, "userErrors": []}}
    assert [(e.kind, e.reference) for e in await api.leaves() if e.operation == "job.retry"] == [
        (LeafKind.INTENT, str(dead)),
        (LeafKind.DONE, str(dead)),
    ]


async def test_a_job_is_discarded_once(administrator: Caller, dead: UUID) -> None:
    asked = {"input": {"jobId": str(dead)}}
    discarded = await administrator.ask(verb("discardJob"), asked)
    assert discarded["discardJob"]["job"] == {"state": "DISCARDED", "attempts": 3}
    again = await administrator.ask(verb("discardJob"), asked)
    assert again["discardJob"] == {
        "job": None, "userErrors": [{"code": "NOT_FOUND", "rule": "job.unknown", "path": ["jobId"]}],
    }  # fmt: skip


async def test_jobs_are_walked_newest_first(api: Api, administrator: Caller) -> None:
    async with api.installation.register.write() as work:
        ids = [str(await enqueue(work.connection, NOTE, Note(uuid4()))) for _ in range(3)]
        await work.commit()
    first = (await administrator.ask(PAGES, {"first": 2}))["jobs"]
    cursors = [edge["cursor"] for edge in first["edges"]]
    assert first["pageInfo"] == {
        "hasNextPage": True, "hasPreviousPage": False, "startCursor": cursors[0], "endCursor": cursors[1],
    }  # fmt: skip
    rest = (await administrator.ask(PAGES, {"first": 2, "after": cursors[1]}))["jobs"]
    assert [edge["node"]["id"] for edge in first["edges"] + rest["edges"]] == ids[::-1]
    assert [rest["pageInfo"][name] for name in ("hasNextPage", "hasPreviousPage")] == [False, True]
    foreign = {"after": cursors[1], "state": "DEAD"}
    assert await administrator.refused(PAGES, foreign) == "BAD_CURSOR"
    somebody_else = await api.caller(Role.ADMINISTRATOR, ("doctor", "dentist"))
    assert await somebody_else.refused(PAGES, {"after": cursors[1]}) == "BAD_CURSOR"
    assert await administrator.refused(PAGES, {"first": 501}) == "INVALID_VALUE"
