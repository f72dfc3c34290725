"""Rules of the doctors' register: pure functions of the record, each citing the law or items that it serves.

That a correction is asked for within 30 days (医師法施行令5条) is the procedure's limit, which core watches.
"""

from collections.abc import Sequence

from meibo.plugin import DeclaredRule
from meibo_doctor.rules import entry, names, practice_report

RULES: Sequence[DeclaredRule] = tuple(
    found
    for module in (entry, names, practice_report)
    for found in vars(module).values()
    if isinstance(found, DeclaredRule)
)
