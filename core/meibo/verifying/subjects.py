"""Pairwise subjects: one licence has one name for each partner, and nothing in common between two of them.

It is made of the licence's pseudonym, of which a person has another at each profession.
"""

from __future__ import annotations

from meibo.certificates.encoding import encode
from meibo.consent import Recipient
from meibo.crypto.keys import KeyProvider, derive, mac

KEY = "subjects"
BYTES = 16


def subject(keys: KeyProvider, partner: Recipient, pseudonym: str) -> str:
    """The name of a licence for a partner: 22 characters of Base64URL. It stays as long as its key does."""
    return encode(mac(derive(keys.newest(KEY), str(partner.partner)), pseudonym.encode())[:BYTES]).decode()
