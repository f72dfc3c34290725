"""What was held and told, side by side, as it is sealed with a discrepancy."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from meibo.checking.classifying import Judgement
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Item, Life, Number
from meibo.register import sealing

TABLE = "check_discrepancy"
FORMAT = "1"
"""The form of what is sealed, in the place that a group's row has the version of its plugin."""


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """The two sides of a discrepancy: several people were told of where it is not known who is meant."""

    held: Held
    told: tuple[Told, ...]
    differing: frozenset[Item]


def seal_evidence(
    secret: bytes, licence: UUID, id: UUID, held: Held, reply: Reply | None, judged: Judgement
) -> bytes:
    """The evidence under the licence's key, bound to its row."""
    told = [asdict(each) for each in reply.records] if reply else []
    value = {"held": asdict(held), "told": told, "differing": sorted(judged.differing)}
    return sealing.seal_json(secret, value, _where(licence, id))


def open_evidence(secret: bytes, licence: UUID, id: UUID, sealed: bytes) -> Evidence:
    """What `seal_evidence` sealed; raises SealBroken."""
    found = sealing.open_json(secret, sealed, _where(licence, id))
    told = tuple(
        Told(**(each | {"life": Life(each["life"]), "number": Number(each["number"])}))
        for each in found["told"]
    )
    return Evidence(Held(**found["held"]), told, frozenset(map(Item, found["differing"])))


def _where(licence: UUID, id: UUID) -> bytes:
    return sealing.place(TABLE, licence, id.hex, FORMAT)
