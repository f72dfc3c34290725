"""What reading needs of the vault, and how a surface reads that reaches none of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.errors import Forbidden
from meibo.identity import NumberKind, NumberStatus
from meibo.values.pseudonyms import LicencePseudonym


class NumberDesk(Protocol):
    """Finds a licence by a number, and tells whether numbers are held: `Identity` where there is a vault."""

    async def find(
        self, principal: Principal, profession: str, file: str, number: str, *, kind: NumberKind = ...
    ) -> LicencePseudonym | None:
        """The licence whose person's number it is."""

    async def statuses(
        self, pseudonyms: Iterable[LicencePseudonym], file: str, kind: NumberKind = ...
    ) -> dict[LicencePseudonym, NumberStatus]:
        """Whether each licence's number is held."""


class NullNumberDesk:
    """No number is found and none is told of: for surfaces whose process has no way to the vault's numbers."""

    async def find(
        self,
        principal: Principal,
        profession: str,
        file: str,
        number: str,
        *,
        kind: NumberKind = NumberKind.INDIVIDUAL_NUMBER,
    ) -> LicencePseudonym | None:
        """Raises Forbidden."""
        raise Forbidden(Permission.NUMBER_FIND)

    async def statuses(
        self,
        pseudonyms: Iterable[LicencePseudonym],
        file: str,
        kind: NumberKind = NumberKind.INDIVIDUAL_NUMBER,
    ) -> dict[LicencePseudonym, NumberStatus]:
        """None is told of."""
        return {}
