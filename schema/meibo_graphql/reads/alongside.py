"""What comes along with licences: the groups that one statement reads with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from meibo.host import Host
from meibo.registry.selecting import Along, Wanted
from meibo.registry.views import Head
from meibo_graphql.reads.shapes import AbstractShape, ListShape, ObjectShape, Shape
from meibo_graphql.reads.steps import Selection, Step


class Alongside:
    """Which groups a root reads in the statement of its licences: those that the selection beneath it asks for.

    Where the profession is known from the licence alone, it is taken to be that of the licence found last: a wrong
    guess costs a second statement.
    """

    def __init__(self, host: Host, types: Mapping[str, str], shape: Shape) -> None:
        """`types` are the names of the licences' types by profession."""
        self.host, self.types, self.shape = host, types, shape
        self._kept: dict[str, Along | None] = {}

    def of(self, profession: str) -> Along | None:
        """For licences of a profession."""
        if profession not in self._kept:
            selection = self._selection(profession)
            if selection is None:
                return None
            self._kept[profession] = self._along(profession, selection)
        return self._kept[profession]

    def guess(self) -> Along | None:
        """For a licence of any profession."""
        return next(reversed(self._kept.values()), None)

    def found(self, head: Head | None) -> None:
        """Learn from a licence that was found."""
        if head is not None and next(reversed(self._kept), None) != head.profession:
            along = self._kept.pop(head.profession, None) or self._first(head)
            self._kept[head.profession] = along

    def _first(self, head: Head) -> Along | None:
        assert isinstance(self.shape, AbstractShape)
        return self._along(head.profession, self.shape.select(head))

    def _selection(self, profession: str) -> Selection | None:
        """What is selected of the licences of a connection, under whatever keys."""
        if isinstance(self.shape, AbstractShape):
            return self.shape.select.known.get(self.types.get(profession, ""))
        licences = list(_licences(self.shape))
        return licences[0] if len(licences) == 1 else None

    def _along(self, profession: str, selection: Selection) -> Along | None:
        compiled = self.host[profession]
        wanted: dict[str, frozenset[str]] = {}
        for step in selection.steps:
            if step.call and step.call.batched:
                for each in step.call.batched.wants(compiled, step.picked):
                    wanted[each.group] = wanted.get(each.group, frozenset()) | each.items
        groups = tuple(Wanted(group, items) for group, items in sorted(wanted.items()))
        is_brief = all(_is_brief(step) for step in selection.steps)
        return Along(profession, groups, is_brief) if groups or is_brief else None


def _is_brief(step: Step) -> bool:
    """Whether a field asks nothing else of a licence than what its own row says of the present."""
    call = step.call
    return call is None or call.columnar is not None or bool(call.batched and call.batched.brief)


def _licences(shape: Shape) -> Iterator[Selection]:
    """The selections of licences in a connection: of its nodes, and of its edges' nodes."""
    for step in steps_of(shape):
        inner = _object(step.shape)
        if inner is None or step.call is None:
            continue
        if step.call.name in ("nodes", "node"):
            yield inner
        elif step.call.name == "edges":
            yield from _licences(step.shape)


def _object(shape: Shape) -> Selection | None:
    while isinstance(shape, ListShape):
        shape = shape.each
    return shape.selection if isinstance(shape, ObjectShape) else None


def steps_of(shape: Shape) -> Sequence[Step]:
    """The fields that are selected of an object, or of a list's objects."""
    selection = _object(shape)
    return selection.steps if selection else ()
