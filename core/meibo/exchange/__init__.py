"""Exchange with the systems that keep a register too (既存システム): what changed here is told there, batch after
batch, and what is theirs to change is asked for.

The other side is told by difference from what it is known to have. So nothing is told twice, what came from there is
not told back, and an outage of days is one batch more.
"""

from meibo.exchange.opening import Exchange, connectors, open_exchange

__all__ = ["Exchange", "connectors", "open_exchange"]
