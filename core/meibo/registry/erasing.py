"""Carrying out orders to destroy a number: right after the act, else by `meibo reconcile`.

    the register's commit, with the order -> intent leaf -> key and hash destroyed -> done leaf -> order finished

Every step may be done again without harm, so whatever dies between two of them is carried to the end.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from meibo.access.principals import Principal
from meibo.database.stores import Database
from meibo.errors import MeiboError
from meibo.identity import Identity
from meibo.register import erasures
from meibo.register.erasures import ErasureOrder
from meibo.registry.scopes import Scopes
from meibo.values.pseudonyms import LicencePseudonym

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erasures:
    """Destroys the numbers of one installation's registers where their files' rules say so."""

    database: Database
    scopes: Scopes
    identity: Identity

    async def after(self, principal: Principal, act: UUID, code: str) -> None:
        """Carry out what an act has ordered. The act stands whatever happens here: `reconcile` tries again."""
        try:
            await self._carry_out_all(principal, [self.scopes.of(code)], act)
        except (MeiboError, SQLAlchemyError, OSError):
            _log.warning("A number could not be destroyed just now: `meibo reconcile` will.")

    async def finish(self, principal: Principal) -> int:
        """Carry out every order that is not finished; how many. Raises Forbidden, AuditUnavailable."""
        return await self._carry_out_all(principal, list(self.scopes.numbers.values()))

    async def forgotten(self, code: str, licence: UUID) -> bool:
        """Whether a licence has ended by an act that had its number destroyed: it takes no number then."""
        async with self.database.read([self.scopes.of(code)]) as connection:
            return await erasures.forgotten(connection, licence)

    async def _carry_out_all(self, principal: Principal, scopes: list[int], act: UUID | None = None) -> int:
        async with self.database.read(scopes) as connection:
            orders = await erasures.pending(connection, scopes, act)
        for order in orders:
            await self._carry_out(principal, order)
        return len(orders)

    async def _carry_out(self, principal: Principal, order: ErasureOrder) -> None:
        code = self.scopes.code(order.scope)
        gone_after = await self.identity.destroy(
            principal,
            profession=code,
            file=self.scopes.host[code].file,
            pseudonym=LicencePseudonym(order.pseudonym),
            until=order.ordered_at,
        )
        async with self.database.write([order.scope]) as work:
            await erasures.finish(work.connection, order.act, gone_after)
            await work.commit()
