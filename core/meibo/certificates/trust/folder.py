"""Trust from a watched folder, which an operator or a one-way gateway fills.

    *.json            trust lists of other systems
    *.crl             revocation lists of their roots
    status/<list>     their status list tokens

A file that cannot be read is left out, and said so in the log; what stood before does not serve in its place.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from meibo.certificates.keys.folder import read_crls
from meibo.certificates.trust import documents
from meibo.certificates.trust.issuers import Trust, TrustedIssuer
from meibo.errors import InvalidValue

LARGEST = 4 * 2**20
"""Bytes of one file."""
SECONDS = 1.0
"""Between two looks at the folder."""
Stamp = tuple[tuple[str, int, int], ...]

_log = logging.getLogger(__name__)


class TrustFolder:
    """The trust of a folder beside our own, read again when a file has changed."""

    def __init__(self, folder: Path, own: Callable[[], TrustedIssuer | None], every: float = SECONDS) -> None:
        self.folder = folder
        self._own = own
        self._every = every
        self._next_look = 0.0
        self._stamp: Stamp | None = None
        self._of_own: TrustedIssuer | None = None
        self._trust = Trust(())

    def trust(self) -> Trust:
        """Whom we believe now; the same object as long as nothing has changed."""
        if time.monotonic() < self._next_look:
            return self._trust
        self._next_look = time.monotonic() + self._every
        stamp, own = self._files(), self._own()
        if stamp != self._stamp or own is not self._of_own:
            self._trust = Trust(_each_name_once([*([own] if own else []), *self._others()]))
            self._stamp, self._of_own = stamp, own
        return self._trust

    def _files(self) -> Stamp:
        found = [*self.folder.glob("*.json"), *self.folder.glob("*.crl")]
        return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in sorted(found))

    def _others(self) -> Iterator[TrustedIssuer]:
        try:
            crls = tuple(read_crls(self.folder))
        except (ValueError, OSError):
            # Without its revocation lists nobody's key can be believed.
            _log.error("A revocation list in the trust folder cannot be read: no other system is trusted.")
            return
        for file in sorted(self.folder.glob("*.json")):
            try:
                if file.stat().st_size > LARGEST:
                    raise InvalidValue("trust.too_large", "信頼リストが大きすぎます。", "Too large.")
                issuer = documents.read(file.read_bytes())
            except (InvalidValue, OSError):
                _log.warning("The trust list %s cannot be read: that system is not trusted.", file.name)
                continue
            yield replace(issuer, crls=(*issuer.crls, *crls))


def _each_name_once(issuers: Iterable[TrustedIssuer]) -> Iterator[TrustedIssuer]:
    """The issuers without those that claim a name of one before them, such as ours."""
    taken: set[str] = set()
    for issuer in issuers:
        if taken.isdisjoint(issuer.types):
            taken |= issuer.types.keys()
            yield issuer
        else:
            _log.warning(
                "The trust list of %s claims a name of another: that system is not trusted.", issuer.id
            )
