"""Signing keys of a demo: under a root whose private key is thrown away at once."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from meibo import clock
from meibo.certificates.authority import Authority
from meibo.certificates.keys import certificates


def make_keys(authority: Authority) -> None:
    """Every key that the authority needs."""
    root_key, at = certificates.new_key(), clock.now()
    root = certificates.root(root_key, "meibo demo root", at)
    for purpose, name in authority.names.needed_keys():
        asked = authority.keys.request(f"meibo demo {purpose}", name, purpose)
        leaf = certificates.issue(asked, root, root_key, at)
        authority.keys.install(leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM))
