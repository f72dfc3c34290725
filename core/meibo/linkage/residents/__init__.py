"""The resident-record network (住民基本台帳ネットワーク): asked by file or at once, for many or for one.

`layout`, `codec`, `inquiries` and `envelopes` are pure: what a file is, whoever sends it. `exchange` is the vault's own
way out; `runs`, `batches` and `filing` ask about many, `desk` about one.
"""

from meibo.linkage.residents.asking import Answered, Asking
from meibo.linkage.residents.codec import Glyph
from meibo.linkage.residents.desk import OBTAIN, Candidate
from meibo.linkage.residents.inquiries import Facts, Key, NumberTold, Outcome
from meibo.linkage.residents.opening import RESIDENT_RECORDS, Residents, open_residents
from meibo.linkage.residents.rows import Run, RunState
from meibo.linkage.residents.runs import ResidentRuns
from meibo.linkage.residents.tables import resident_batch, resident_reply, resident_request, resident_run

resident_tables = (resident_run, resident_batch, resident_request, resident_reply)

__all__ = [
    "OBTAIN",
    "RESIDENT_RECORDS",
    "Answered",
    "Asking",
    "Candidate",
    "Facts",
    "Glyph",
    "Key",
    "NumberTold",
    "Outcome",
    "ResidentRuns",
    "Residents",
    "Run",
    "RunState",
    "open_residents",
    "resident_tables",
]
