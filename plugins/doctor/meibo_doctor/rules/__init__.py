"""Rules of the doctors' register: pure functions of the record, each citing the law or the items that it serves."""

from collections.abc import Sequence

from meibo.plugin import DeclaredRule

RULES: Sequence[DeclaredRule] = ()
