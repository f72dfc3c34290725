"""The claims of a licence: what its certificate shows, as far as the caller may see it.

Pure: from the head and its groups, which a reader has masked already. Whoever issues certificates takes `payload`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from meibo.access.permissions import Permission
from meibo.codes.service import CodeTables
from meibo.errors import Forbidden
from meibo.items.codes import CodeList
from meibo.professions.certificates import PROFESSION, ClaimSpec
from meibo.professions.compiled import Profession
from meibo.register.fold import State
from meibo.registry.views import GroupView, Head, RedactionReason
from meibo.values.dates import EraMonth, PartialDate, YearMonth
from meibo.values.eras import EraDate

BLANK = "　"
"""What stands between the parts of a name."""


@dataclass(frozen=True, slots=True)
class CodedValue:
    """A code with its labels; None where no list knows it."""

    list: str
    code: str
    label: str | None
    label_en: str | None


Value = str | int | bool | CodedValue | None
"""Text, whole dates as ISO, partial ones as EDTF, months as YYYY-MM, codes with their labels."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim of one licence; `redacted` says why a value is missing that the register may hold."""

    spec: ClaimSpec
    value: Value = field(repr=False)
    redacted: RedactionReason | None = None


def claim_groups(profession: Profession) -> tuple[str, ...]:
    """The groups from which the claims of a profession are read."""
    return tuple(sorted({path.partition(".")[0] for claim in profession.claims for path in claim.paths}))


def certificate_claims(
    profession: Profession, head: Head, groups: Mapping[str, GroupView], codes: CodeTables
) -> tuple[ClaimView, ...]:
    """The claims of a licence in order; none where it does not stand today, or the profession has no certificate."""
    if head.state is not State.REGISTERED:
        return ()
    return tuple(_view(profession, claim, groups, codes) for claim in profession.claims)


def payload(claims: Iterable[ClaimView]) -> tuple[dict[str, Any], frozenset[str]]:
    """What a certificate is made of: the claims that have a value as JSON, and the names of those that the holder may
    leave out. Raises Forbidden where a value was masked: no certificate has holes that the register has not."""
    shown = [claim for claim in claims if claim.value is not None or claim.redacted]
    if any(claim.redacted for claim in shown):
        raise Forbidden(Permission.PERSONAL_READ)
    return (
        {claim.spec.name: _as_json(claim.value) for claim in shown},
        frozenset(claim.spec.name for claim in shown if claim.spec.disclosable),
    )


def as_text(value: Value) -> str | None:
    """A value as text: its code where it is one, `true` or `false` for a flag."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.code if isinstance(value, CodedValue) else None if value is None else str(value)


def _as_json(value: Value) -> Any:
    if isinstance(value, CodedValue):
        return {"code": value.code, "label": value.label, "label_en": value.label_en}
    return value


def _view(
    profession: Profession, claim: ClaimSpec, groups: Mapping[str, GroupView], codes: CodeTables
) -> ClaimView:
    if not claim.paths:  # The profession itself: every other claim is read from items.
        return ClaimView(claim, CodedValue(PROFESSION, profession.code, *profession.plugin.name))
    parts: list[Value] = []
    for path in claim.paths:
        (key, _, name), item = path.partition("."), profession.item(path)
        reason = next((r.reason for r in groups[key].redacted if r.item == name), None)
        if reason:
            return ClaimView(claim, None, reason)
        parts.append(_value(groups[key].values.get(name), item.codes if item else None, codes))
    return ClaimView(claim, _joined(parts))


def _joined(parts: Sequence[Value]) -> Value:
    """The one value, or the parts of a name with a blank between them."""
    if len(parts) == 1:
        return parts[0]
    return BLANK.join(str(part) for part in parts if part) or None


def _value(value: Any, listed: CodeList | None, codes: CodeTables) -> Value:
    match value:
        case "" | None:
            return None
        case PartialDate() | YearMonth():
            return value.value
        case EraDate():
            return value.day.isoformat()
        case EraMonth():
            return value.month.value
        case date():
            return value.isoformat()
    if listed is None:
        return value if isinstance(value, int) else str(value)
    return CodedValue(listed.name, value, *codes.texts(listed, value))
