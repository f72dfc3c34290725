"""The side of those who check: partners redeem shares and verify certificates, and the public searches where it may.

A verify process opens the register and the audit log. It has no way to the vault, whose settings it refuses to hold.
"""

from meibo.verifying.opening import Verifying, open_verifying, verifying_of

__all__ = ["Verifying", "open_verifying", "verifying_of"]
