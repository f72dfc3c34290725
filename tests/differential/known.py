"""What generated operations ask about: ids, cursors, numbers and names that are really there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from meibo.access.principals import Principal
from meibo.host import Host
from meibo_graphql.http import Operation
from meibo_graphql.types import camel
from tests.differential.answers import Asked
from tests.differential.registers import chief

ORDERS = ("REGISTRATION_NUMBER_ASC", "REGISTRATION_DATE_DESC")
LICENCES = """query {{ {root} {{ nodes {{
  __typename id pseudonym registrationNumber registrationDate
  holder {{ fullName fullNameKana birthDate {{ value }} }} dispositions {{ __typename id }}
  history {{ edges {{ cursor node {{ __typename id recordedAt }} }} }}
  past: at(asOf: "{day}") {{ __typename id dispositions {{ __typename id }} }}
  now: at {{ __typename id recordedAt }}
}} }} }}"""
CURSORS = "query($order: LicenceOrder!) {{ {roots} }}"
LONG_AGO = "2024-04-01"


@dataclass(frozen=True, slots=True)
class Node:
    """Something with an id, and its type."""

    type: str
    id: str


@dataclass(slots=True)
class Known:
    """What there is. `named` has it by name for the written cases: `doctor/0/id`, `cursor/clerk/doctor/1` …"""

    nodes: list[Node] = field(default_factory=list)
    licences: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By profession, in the order of their numbers."""
    roots: dict[str, str] = field(default_factory=dict)
    """The professions by the fields that list their licences."""
    cursors: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    """By the caller's account, the root field, and the order."""
    histories: dict[str, list[str]] = field(default_factory=dict)
    """Cursors by the licence's id."""
    instants: list[str] = field(default_factory=list)
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Profession and pseudonym of a licence by what tells whose it is."""
    named: dict[str, str] = field(default_factory=dict)


async def learn(asked: Asked, host: Host, callers: Mapping[str, Principal]) -> Known:
    """Look at every licence once, and at every caller's pages."""
    known = Known()
    for code in host.professions:
        await _licences(known, asked, host, code)
    for name, caller in callers.items():
        await _pages(known, asked, host, name, caller)
    known.instants = sorted(set(known.instants))
    return known


async def _licences(known: Known, asked: Asked, host: Host, code: str) -> None:
    text = LICENCES.format(root=root_of(code), day=LONG_AGO)
    answer = await asked.plain(chief(host), Operation(text))
    assert not answer.errors, answer.errors
    [page] = orjson.loads(answer.data).values()
    known.licences[code], known.roots[root_of(code)] = page["nodes"], code
    for index, licence in enumerate(page["nodes"]):
        _note(known, f"{code}/{index}", licence)


def _note(known: Known, name: str, licence: dict[str, Any]) -> None:
    edges, past = licence["history"]["edges"], licence["past"] or {"dispositions": []}
    actions = [edge["node"] for edge in edges]
    nodes = [licence, licence["now"], *licence["dispositions"], *past["dispositions"], *actions]
    nodes += [past] if "id" in past else []
    known.nodes += [Node(node["__typename"], node["id"]) for node in nodes]
    who = name.partition("/")[0], licence["pseudonym"]
    known.people |= dict.fromkeys((licence["id"], licence["now"]["id"], licence["pseudonym"]), who)
    known.instants += [node["recordedAt"] for node in (*actions, licence["now"])]
    known.histories[licence["id"]] = [edge["cursor"] for edge in edges]
    known.named |= {f"{name}/{key}": licence[key] for key in ("id", "pseudonym", "registrationNumber")}
    known.named |= {f"{name}/name": licence["holder"]["fullName"], f"{name}/version": licence["now"]["id"]}
    known.named |= {f"{name}/birth": licence["holder"]["birthDate"]["value"]}
    known.named |= {f"{name}/action/{n}": action["id"] for n, action in enumerate(actions)}
    known.named |= {f"{name}/history/{n}": edge["cursor"] for n, edge in enumerate(edges)}
    known.named |= {f"{name}/disposition/{n}": d["id"] for n, d in enumerate(licence["dispositions"])}


async def _pages(known: Known, asked: Asked, host: Host, name: str, caller: Principal) -> None:
    roots = [root_of(code) for code in host.professions]
    text = CURSORS.format(roots=" ".join(f"{r}(orderBy: $order) {{ edges {{ cursor }} }}" for r in roots))
    for order in ORDERS:
        answer = await asked.plain(caller, Operation(text, {"order": order}))
        for root, page in (orjson.loads(answer.data or b"null") or {}).items():
            cursors = [edge["cursor"] for edge in page["edges"]]
            known.cursors[caller.account, root, order] = cursors
            known.named |= {f"cursor/{name}/{root}/{order}/{n}": c for n, c in enumerate(cursors)}


def root_of(code: str) -> str:
    """The field that lists a profession's licences."""
    return camel(f"{code}_licences")


def types_of(nodes: Sequence[Node]) -> list[str]:
    """The types that stand among nodes, each once."""
    return sorted({node.type for node in nodes})
