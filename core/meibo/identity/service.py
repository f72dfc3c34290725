"""Identity: the only way from a register to the vault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from meibo.access.permissions import Permission
from meibo.access.principals import Principal
from meibo.audit.leaves import LeafKind
from meibo.audit.log import AuditLog
from meibo.errors import Finding, FindingCode, MeiboError, NotFound, PluginError, Refused
from meibo.identity.acts import TRIES, Acts, Enrolment, Lost, outcome_is_known, parsed, pause
from meibo.identity.guards import Entry, guard
from meibo.identity.reconciling import Exists, ReconcileReport, Reconciliation
from meibo.values.pseudonyms import LicencePseudonym, PersonId
from meibo.vault.kinds import NumberKind, VerifiedBy, parse_number
from meibo.vault.links import Linked, Links
from meibo.vault.numbers import Numbers, NumberStatus
from meibo.vault.refusals import duplicate_number, several_persons

T = TypeVar("T")
UNDONE = "undone"


class Identity:
    """Enrols, finds and reveals numbers by licence pseudonym. `files` names each file's professions."""

    def __init__(
        self, links: Links, numbers: Numbers, audit: AuditLog, files: Mapping[str, Collection[str]]
    ) -> None:
        self._links = links
        self._numbers = numbers
        self._audit = audit
        self._files = files
        self._acts = Acts(links, numbers, tuple(files))

    async def enrol(
        self,
        principal: Principal,
        *,
        profession: str,
        file: str,
        pseudonym: LicencePseudonym,
        numbers: Mapping[NumberKind, str],
        verified_by: VerifiedBy | None,
        operation: str,
        commit: Callable[[Linked], Awaitable[T]],
    ) -> T:
        """Link a new licence, enrol the person's numbers, and run `commit`: all of it, or nothing.

        `commit` ends with the register's commit and does nothing after it. The pseudonym is new, drawn for
        this act. The person is the one whose numbers these are in any file, else a new one. Where `commit`
        raises, the vault's part is taken back at once, except where the error does not tell whether the
        register has committed: that is left to `reconcile`. Returns what `commit` returns.

        Raises Forbidden, InvalidValue, Refused (DUPLICATE, REQUIRED), AuditUnavailable, and what `commit` raises.
        """
        entry = await guard(self._audit, principal, Permission.LICENCE_REGISTER, profession, operation)
        if numbers:
            await guard(self._audit, principal, Permission.NUMBER_ENROL, profession, operation)
        wanted = self._wanted(profession, file, pseudonym, numbers, verified_by)
        linked, entry = await self._link(entry, wanted)
        try:
            result = await commit(linked)
        except Exception as error:
            if outcome_is_known(error):
                await self._acts.undo(_act(entry), linked, pseudonym)
                await entry.record(LeafKind.DONE, outcome=UNDONE)
            raise
        await entry.record(LeafKind.DONE)
        return result
