"""An identity provider's public keys: fetched from it alone, kept for an hour, asked for anew when it has new ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from meibo.access.openid.providers import IdentityProvider
from meibo.errors import SourceUnavailable
from meibo.fetching import fetch_json, origin_of

KEPT_SECONDS = 3600
ASKED_SECONDS = 60
"""An unknown key is asked for so often at most: whoever makes up key ids does not make us ask."""
MOST_KEYS = 50
PUBLIC = (ECKey, OKPKey, RSAKey)
"""What a signature is checked with. A shared secret in a public key set would let anybody sign."""


@dataclass(slots=True)
class KeySets:
    """The keys of one provider by their ids; `clock` gives seconds."""

    provider: IdentityProvider
    clock: Callable[[], float] = time.monotonic
    _keys: Mapping[str, Key] = field(default_factory=dict)
    _asked_at: float | None = None
    _fetched_at: float | None = None
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def key(self, id: str) -> Key | None:
        """The key of an id; None where the provider has none. Raises SourceUnavailable where it cannot be asked."""
        is_known = self._is_fresh() and id in self._keys
        if not is_known and (self._may_ask() or not self._is_fresh()):
            await self._refresh()
        return self._keys.get(id)

    async def _refresh(self) -> None:
        """Ask once for all who wait."""
        before = self._fetched_at
        async with self._one:
            if self._fetched_at != before:
                return
            if not self._may_ask():
                if self._is_fresh():
                    return
                raise SourceUnavailable
            self._asked_at = self.clock()
            self._keys = dict(_public(await self._fetched()))
            self._fetched_at = self.clock()

    async def _fetched(self) -> Iterable[Any]:
        found = await fetch_json(await self._address())
        keys = found.get("keys")
        if not isinstance(keys, list):
            raise SourceUnavailable
        return keys[:MOST_KEYS]

    async def _address(self) -> str:
        """Where the keys are: by setting, else as the provider's discovery says of itself."""
        if self.provider.jwks_url:
            return self.provider.jwks_url
        told = await fetch_json(self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
        url = told.get("jwks_uri")
        if told.get("issuer") != self.provider.issuer or not isinstance(url, str):
            raise SourceUnavailable
        if origin_of(url) not in self.provider.origins:
            raise SourceUnavailable
        return url

    def _is_fresh(self) -> bool:
        return self._fetched_at is not None and self.clock() - self._fetched_at < KEPT_SECONDS

    def _may_ask(self) -> bool:
        return self._asked_at is None or self.clock() - self._asked_at >= ASKED_SECONDS


def _public(keys: Iterable[Any]) -> Iterable[tuple[str, Key]]:
    """The public keys for signatures that have an id; the rest of a set is not ours to judge."""
    for told in keys:
        if not isinstance(told, dict) or not isinstance(told.get("kid"), str):
            continue
        if told.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(told)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, PUBLIC):
            yield told["kid"], key
