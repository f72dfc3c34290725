"""Pages of lists that are sorted by a key, as Relay walks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry

from meibo.database.paging import Page
from meibo_graphql.types import PageInfo

T = TypeVar("T")
Shown = TypeVar("Shown")


@strawberry.type
class Edge(Generic[Shown]):
    cursor: str
    node: Shown


@strawberry.type(description="A page of a list.")
class Connection(Generic[Shown]):
    edges: list[Edge[Shown]]
    page_info: PageInfo

    @strawberry.field(description="The nodes without their edges.")
    def nodes(self) -> list[Shown]:
        return [edge.node for edge in self.edges]


def connected(page: Page[T], shown: Callable[[T], Shown]) -> Connection[Shown]:
    """A page, each of it shown so."""
    return Connection(edges=edges_of(page, shown), page_info=page_info(page))


def edges_of(page: Page[T], shown: Callable[[T], Shown]) -> list[Edge[Shown]]:
    """What a page holds, each with its cursor."""
    return [
        Edge(cursor=cursor, node=shown(node)) for node, cursor in zip(page.nodes, page.cursors, strict=True)
    ]


def page_info(page: Page[Any]) -> PageInfo:
    """Where a page stands."""
    return PageInfo(has_next_page=page.has_next, has_previous_page=page.has_previous, cursors=page.cursors)
