"""What the body that holds an examination, or keeps a register for its authority, sends here: numbers that it took on
paper, once, and the lists of those who passed."""

from meibo.exchange.inbound.opening import Inbound, open_inbound
from meibo.exchange.inbound.receiving import Receiving

__all__ = ["Inbound", "Receiving", "open_inbound"]
