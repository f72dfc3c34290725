"""What every resolver of one request of a partner, or of the public, shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from meibo.registry.readlog import ReadLog
from meibo.verifying import Verifying

if TYPE_CHECKING:
    from strawberry.types import Info


@dataclass(slots=True)
class VerifyContext:
    """One request: whoever sends no partner's token is the public, at an address."""

    verifying: Verifying
    address: str
    log: ReadLog

    @property
    def caller(self) -> str:
        """Whose allowance the request counts against."""
        return f"public {self.address}"


def of(info: Info[Any, Any]) -> VerifyContext:
    """The context of a resolver."""
    return cast(VerifyContext, info.context)
