"""What is said to an existing system about numbers. The numbers themselves are a text that the vault has encrypted."""

from __future__ import annotations

from datetime import date

from meibo.connectors import Message

HAND_OVER, ERASE, ERASED = "hand_over", "erase", "erased"


class NumberBatch(Message, frozen=True):
    """Numbers of licences, new or changed: a compact JWE of `[{"licence": …, "number": …}]`.

    Batches count up; the system takes one that is higher than the last, and answers with the highest that it knows.
    """

    profession: str
    number: int
    sealed: str


class Erase(Message, frozen=True):
    """The number of a licence is to be erased, and no batch up to `until` is to be taken any longer."""

    profession: str
    licence: str
    until: int


class Erased(Message, frozen=True):
    """The confirmation: the number of this licence was erased on a day, or was not there."""

    licence: str
    erased_on: date
