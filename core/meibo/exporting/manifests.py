"""What was exported, in a note that the installation signs as it signs its log's checkpoints.

meibo/<installation>
export doctor
rows 100000
sha256 <hex>

— meibo/<installation> <base64 of key id and signature>
"""

from __future__ import annotations

from dataclasses import dataclass

from meibo.audit.checkpoints import CHECKPOINT_KEY, origin, sign_note
from meibo.audit.leaves import Leaf
from meibo.crypto.keys import KeyProvider

SHA256 = "sha256:"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How many licences of which profession, and the SHA-256 (hex) of the file."""

    profession: str
    rows: int
    sha256: str

    @classmethod
    def of(cls, leaf: Leaf) -> Manifest:
        """The manifest that the leaf of an export records."""
        assert leaf.profession is not None
        assert leaf.count is not None
        return cls(leaf.profession, leaf.count, (leaf.reference or "").removeprefix(SHA256))

    def signed(self, installation: str, keys: KeyProvider) -> str:
        """The signed note; `meibo audit key` prints the key that verifies it."""
        name = origin(installation)
        text = f"{name}\nexport {self.profession}\nrows {self.rows}\nsha256 {self.sha256}\n"
        return sign_note(text, name, keys.newest(CHECKPOINT_KEY))
