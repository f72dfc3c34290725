"""What outside registries answer, filed with the licence that was asked about."""

from meibo.linkage.replies import Replies

__all__ = ["Replies"]
