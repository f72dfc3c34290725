"""Documents that stay prepared."""

from __future__ import annotations

import gc

import pytest
from graphql.language import Token

from meibo_graphql.http import Operation, SchemaExecutor
from tests.schema.toy import SCHEMA


async def test_only_valid_documents_are_remembered(caplog: pytest.LogCaptureFixture) -> None:
    executor = SchemaExecutor(SCHEMA)
    for document in ("{ hello }", "{ hello }", "{ nope }", "{"):
        await executor(Operation(document), {})
    assert list(executor.prepared.kept) == [("{ hello }", False)]


def test_a_forgotten_document_leaves_nothing_to_the_collector_of_cycles() -> None:
    executor = SchemaExecutor(SCHEMA)
    gc.collect()
    before = tokens()
    executor.prepared_document(Operation("query Q { hello again: hello }"))
    gc.collect()  # Validation leaves cycles of its own.
    gc.disable()
    try:
        assert tokens() > before
        executor.prepared.kept.clear()
        assert tokens() == before
    finally:
        gc.enable()


def tokens() -> int:
    """Of all documents that are remembered in this process."""
    return sum(isinstance(each, Token) for each in gc.get_objects())
