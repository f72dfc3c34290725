"""A field of the schema, how it is asked, and who may: a cell of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from meibo.access.permissions import Permission, Role

ALL = frozenset(Role)
CLERKS = frozenset({Role.CLERK, Role.OFFICER, Role.NUMBER_OFFICER, Role.ADMINISTRATOR})
OFFICERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
HISTORIANS = CLERKS | {Role.AUDITOR}
AUDITORS = frozenset({Role.AUDITOR})
PERMITTED = "allowed"
REFUSED = ("FORBIDDEN", "NOT_FOUND")
"""Outcomes that leave a leaf; null and an empty list look like a register without the record, and leave none."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field and how it is asked: who may, which permissions it takes, what everybody else gets."""

    name: str
    document: str
    variables: Mapping[str, object] = field(default_factory=dict)
    roles: frozenset[Role] = ALL
    needs: tuple[Permission, ...] = ()
    denied: str = "FORBIDDEN"
    outside: str = PERMITTED
    """What a caller gets who has not `profession` in scope."""
    profession: str = "doctor"
    variant: str = ""
    permission_first: bool = False
    """Whether a caller without the permission is refused before the licence is looked for."""
    permitted: str = PERMITTED
    """What a caller gets who may: a system that is not there may have to be asked."""

    @property
    def label(self) -> str:
        """How a failure names the cell."""
        return f"{self.name}{self.variant and f' ({self.variant})'}"

    def expected(self, role: Role, scope: tuple[str, ...]) -> str:
        """The one outcome for a role and a scope."""
        if self.profession not in scope and not (self.permission_first and role not in self.roles):
            return self.outside
        return self.permitted if role in self.roles else self.denied


def payload_cell(
    name: str, input: str, given: Mapping[str, object], roles: frozenset[Role], needs: tuple[Permission, ...],
    outside: str,
) -> Cell:  # fmt: skip
    """A verb that is only validated. Whoever lacks its permission is told so before anything is looked for."""
    document = f"mutation($input: {input}!) {{ {name}(input: $input) {{ userErrors {{ code rule }} }} }}"
    variables = {"input": {**given, "validateOnly": True}}
    return Cell(name, document, variables, roles, needs, outside=outside, permission_first=True)
