"""What only the outside system may read within a message: a compact JWE (ECDH-ES, A256GCM) under its public key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson
from joserfc import jwe
from joserfc.jwk import ECKey

from meibo.errors import SettingsError

ALGORITHMS = ["ECDH-ES", "A256GCM"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """An outside system that numbers may be sent to; its key stands in `<connector>.jwks.json` with `use` `enc`."""

    connector: str
    folder: Path

    def encrypt(self, text: str) -> str:
        """A text that nobody else can read; raises SettingsError where the system has handed over no such key."""
        key = self._key()
        header = {"alg": ALGORITHMS[0], "enc": ALGORITHMS[1], "kid": key.kid or ""}
        return jwe.encrypt_compact(header, text.encode(), key, algorithms=ALGORITHMS)

    def _key(self) -> ECKey:
        path = self.folder / f"{self.connector}.jwks.json"
        try:
            keys = orjson.loads(path.read_bytes())["keys"]
            [found] = [each for each in keys if each.get("use") == "enc" and "d" not in each]
            return ECKey.import_key({**found, "alg": ALGORITHMS[0]})
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise SettingsError(
                f"{path.name} in MEIBO_LINK_FOLDER holds no key for encryption (`use`: `enc`): ask for it."
            ) from None
