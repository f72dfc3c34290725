"""The findings by which the office refuses an act."""

from __future__ import annotations

from meibo.errors import Finding, FindingCode


def field_finding(
    path: str, ja: str, en: str, rule: str, code: FindingCode = FindingCode.INVALID_VALUE
) -> Finding:
    """What is wrong with one field of a request."""
    return Finding((path,), ja, en, code, rule)


def no_licence() -> Finding:
    """There is none, or none in scope: these look alike."""
    return Finding(
        ("licence_id",),
        "該当する登録がありません。",
        "There is no such licence.",
        FindingCode.NOT_FOUND,
        "licence.unknown",
    )


def duplicate(path: str) -> Finding:
    """The item at `path` has a value that another licence has."""
    return Finding(
        tuple(path.split(".")),
        "同じ値の登録が既にあります。",
        "Another licence has this value already.",
        FindingCode.DUPLICATE,
        "item.unique",
    )


def number_forgotten() -> Finding:
    """The licence has ended, and its number was destroyed by the file's rule."""
    return Finding(
        ("number",),
        "登録が終わり番号を削除した方の番号は保管できません。",
        "The licence has ended and its number was destroyed: no number may be kept for it.",
        FindingCode.WRONG_STATE,
        "number.forgotten",
    )


def key_reused() -> Finding:
    """The idempotency key stood for another body."""
    return Finding(
        ("idempotency_key",),
        "このキーは別の内容で使用済みです。",
        "This key stood for another request: use a new one.",
        FindingCode.IDEMPOTENCY_KEY_REUSED,
        "act.key_reused",
    )
