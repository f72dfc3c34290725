"""The way to outside systems: what is asked there is sent once in effect, and what comes from there is taken once.

This knows messages, not what they mean for a licence: `meibo.linkage` files what registries answer.
"""

from meibo.link.opening import Links, open_links
from meibo.link.states import Status
from meibo.link.tables import link_action

__all__ = ["Links", "Status", "link_action", "open_links"]
