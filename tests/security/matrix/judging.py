"""What came of a cell: an answer in one word, what a refusal changed, and its leaves."""

from __future__ import annotations

from dataclasses import dataclass

from tests.security.api import Answer, Api
from tests.security.matrix.cells import PERMITTED, REFUSED, Cell

MAY_BE_EMPTY = (
    "professions", "DoctorLicence.viewerMay", "dispositionContents", "familyBatches", "familyInquiries",
    "connectorEvidence", "feedMedia", "numberErasures", "overduePaperBatches", "residentGlyphs",
)  # fmt: skip
"""Lists of what the caller may, the code table that neither register fills, and what nobody has asked outside
registers: none is no refusal."""


def outcome(answer: Answer, cell: Cell) -> str:
    """An answer in one word: allowed, empty, null, redacted, or the code of its only error."""
    if answer.codes:
        assert len(answer.codes) == 1, answer.text
        return answer.codes[0]
    [found] = answer.data.values()
    if "." in cell.name and found is not None:
        [found] = found.values()
    if isinstance(found, dict) and found.keys() == {"nodes"}:  # Of a connection.
        found = found["nodes"]
    if isinstance(found, dict) and found.get("userErrors"):
        [error] = found["userErrors"]
        return str(error["code"])
    if found is None or found == [None]:
        return "null"
    if isinstance(found, dict) and found.get("redacted"):
        return "redacted"
    if isinstance(found, list) and any(isinstance(row, dict) and row.get("redacted") for row in found):
        assert not any(row["value"] for row in found if row["redacted"]), answer.text
        return "redacted"
    return "empty" if found == [] and cell.name not in MAY_BE_EMPTY else PERMITTED


@dataclass(slots=True)
class Book:
    """What the stores held after the last cell."""

    api: Api
    digest: str = ""
    leaf: int = 0

    async def turn(self, *, reading: bool = False) -> tuple[bool, list[str]]:
        """(whether a row has changed, the outcomes of new refusal leaves) since the last time.

        What a query changed shows at the next turn that looks at the rows: digests of everything take long.
        """
        leaves = await self.api.leaves(self.leaf)
        digest = self.digest if reading else await self.api.digest()
        changed, self.digest = digest != self.digest, digest
        self.leaf = max([self.leaf, *(number for number, _ in leaves)])
        return changed, [leaf.outcome for _, leaf in leaves if leaf.kind == "refusal"]


async def judge(book: Book, token: str, cell: Cell) -> tuple[str, bool, list[str]]:
    """(outcome, whether a refusal changed a row, refusal leaves) of one cell."""
    got = outcome(await book.api.call(token, cell.document, cell.variables), cell)
    changed, refused = await book.turn(reading=cell.document.startswith(("query", "{")))
    return got, changed and got != PERMITTED, refused


def told(expected: str, cell: Cell) -> tuple[str, bool, list[str]]:
    """What `judge` should find: a refusal leaves one leaf and changes nothing."""
    by_hand = cell.name.endswith(("Number", "Portal"))
    leaf = "REFUSED" if expected == "NOT_FOUND" and by_hand else expected
    return expected, False, [leaf] if expected in REFUSED else []
