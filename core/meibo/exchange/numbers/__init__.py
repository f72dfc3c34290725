"""Numbers that go to an existing system, where a dated legal basis lets it have them, and erasures that follow them.

The vault compares and encrypts (`meibo.linkage.handover`); here it is known whose number went there, never which.
"""

from meibo.exchange.numbers.bases import Basis, KeptBasis
from meibo.exchange.numbers.office import NumberOffice
from meibo.exchange.numbers.telling import NumberFeed

__all__ = ["Basis", "KeptBasis", "NumberFeed", "NumberOffice"]
