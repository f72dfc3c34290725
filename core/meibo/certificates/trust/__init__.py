"""Whose certificates are believed: anchors, keys and revocation lists, and what may be fetched for them."""
