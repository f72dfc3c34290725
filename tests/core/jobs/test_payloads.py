"""A payload holds references: nothing that a person could be known by fits in."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from meibo.errors import InvalidValue, PluginError
from meibo.jobs import NOTHING, JobKind, Nothing, Payload
from meibo.jobs.payloads import Scope, read_payload, write_payload


class Outcome(StrEnum):
    SOUND = "sound"
    BROKEN = "broken"


class Run(Payload, frozen=True):
    id: UUID
    scope: Scope
    outcome: Outcome


RUN = Run(UUID("7c5c1a0e-6b5b-4d0c-9a0e-3c7a5b1d2e4f"), 3, Outcome.SOUND)


def test_references_come_back_as_they_went() -> None:
    text = write_payload(RUN)
    assert text == '{"id":"7c5c1a0e-6b5b-4d0c-9a0e-3c7a5b1d2e4f","scope":3,"outcome":"sound"}'
    assert read_payload(Run, text) == RUN
    assert write_payload(NOTHING) == "{}"
    assert read_payload(Nothing, "{}") == NOTHING


@pytest.mark.parametrize("hint", [str, int, float, bytes, date, dict[str, str], list[UUID], Any, UUID | str])
def test_a_field_that_could_hold_a_value_is_refused_where_it_is_declared(hint: Any) -> None:
    loose: Any = msgspec.defstruct("Loose", [("number", hint)], bases=(Payload,), frozen=True)
    with pytest.raises(PluginError) as refused:
        JobKind("test.loose", loose)
    assert refused.value.en == (
        "The job payload Loose has a field 'number' that is no reference: use a UUID, a Scope or a StrEnum."
    )


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(Run("123456789018", 3, Outcome.SOUND), id="a number for an id"),  # type: ignore[arg-type]
        pytest.param(Run(UUID(int=123456789018), 3, Outcome.SOUND), id="a number as an id"),
        pytest.param(Run(uuid4(), 123456789018, Outcome.SOUND), id="a number as a scope"),
        pytest.param(Run(uuid4(), -1, Outcome.SOUND), id="a scope below 0"),
        pytest.param(Run(uuid4(), 3, "見本　太郎"), id="a name for an outcome"),  # type: ignore[arg-type]
    ],
)
def test_a_value_in_a_references_place_is_refused_and_not_repeated(payload: Run) -> None:
    with pytest.raises(InvalidValue) as refused:
        write_payload(payload)
    assert refused.value.rule == "job.payload"
    assert "1234" not in f"{refused.value.ja}{refused.value.en}"
    assert "見本" not in f"{refused.value.ja}{refused.value.en}"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"id":"x"}', '{"name":"x"}'])
def test_another_payload_is_not_read(text: str) -> None:
    with pytest.raises(InvalidValue):
        read_payload(Run, text)
    with pytest.raises(InvalidValue):
        read_payload(Nothing, '{"name":"x"}')
