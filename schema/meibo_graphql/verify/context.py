"""What every resolver of one request of a partner, or of the public, shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from meibo.codes.service import CodeTables
from meibo.consent import Recipient
from meibo.errors import Unauthenticated
from meibo.publicsearch import PublicSearches
from meibo.registry.readlog import ReadLog
from meibo.verifying import Verifying
from meibo_graphql.limits import CheckAllowances, Searches

if TYPE_CHECKING:
    from strawberry.types import Info


@dataclass(slots=True)
class VerifyContext:
    """One request: whoever sends no partner's token is the public, at an address, of which `mark` is all that is
    kept; `partner` is whoever does, with the claims that it may be shown at all."""

    verifying: Verifying
    partner: Recipient | None
    allowances: CheckAllowances
    mark: str
    searches: Searches
    public: PublicSearches
    log: ReadLog

    @property
    def caller(self) -> str:
        """Whose allowance the request counts against."""
        return f"partner {self.partner.partner}" if self.partner else f"public {self.mark}"

    @property
    def partner_id(self) -> str:
        """The partner's id; raises Unauthenticated for the public."""
        return str(self.demand_partner().partner)

    def demand_partner(self) -> Recipient:
        """The partner that asks; raises Unauthenticated for the public."""
        if self.partner is None:
            raise Unauthenticated
        return self.partner

    @property
    def codes(self) -> CodeTables:
        """The code tables, for labels."""
        return self.verifying.codes


def of(info: Info[Any, Any]) -> VerifyContext:
    """The context of a resolver."""
    return cast(VerifyContext, info.context)
