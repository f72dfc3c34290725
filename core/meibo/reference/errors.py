"""The page of the core's errors; each surface adds a page of the codes that it shows."""

from __future__ import annotations

from collections.abc import Iterator

from meibo.errors import FindingCode, MeiboError
from meibo.reference.markdown import code, page, sentence, table

FINDINGS = {
    FindingCode.REQUIRED: "Something that must be given is missing.",
    FindingCode.INVALID_VALUE: "A value is not what its kind or its limits allow; `rule` says which.",
    FindingCode.UNKNOWN_CODE: "A code is in no row of its list.",
    FindingCode.NOT_FOUND: "There is no such licence or item, or none that the caller may know of.",
    FindingCode.DUPLICATE: "The register number or the individual number is taken.",
    FindingCode.STALE_VERSION: "Somebody changed the licence first; the payload carries it as it is now.",
    FindingCode.WRONG_STATE: "The standing of the licence does not allow the verb.",
    FindingCode.RULE_BROKEN: "A rule of the profession is broken; `rule` is its id and `cites` its source.",
    FindingCode.NEEDS_SECOND_PERSON: "Reserved for verbs that two persons decide; nothing returns it yet.",
    FindingCode.IDEMPOTENCY_KEY_REUSED: "The key stood for another body within the last 7 days.",
}


def errors_page() -> str:
    """Why an act is refused, and every class of error."""
    return page(
        "Errors",
        "Every error has a stable code and a sentence in Japanese and in English that says what to do. Neither"
        " ever repeats a value that was handed in.",
        "## Why a verb was refused\n\nA refusal is data: `userErrors { code rule path message cites }`. The codes"
        " are closed, the rules open.\n\n"
        + table(("code", "meaning"), [(code(c), FINDINGS[c]) for c in FindingCode]),
        "## Errors of the core\n\nOperator errors are printed by the command, which exits with 2; they never leave"
        " the server.\n\n" + table(("class", "code", "meaning"), _rows()),
    )


def _rows() -> Iterator[tuple[str, str, str]]:
    for error in classes():
        yield code(error.__name__), code(error.code), sentence(error)


def classes(root: type[MeiboError] = MeiboError) -> Iterator[type[MeiboError]]:
    """Every class of `meibo.errors` below a root, parents first, in the order of the source."""
    for error in root.__subclasses__():
        if error.__module__ == MeiboError.__module__:
            yield error
            yield from classes(error)
