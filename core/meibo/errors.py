"""Every error that crosses a module's edge.

    MeiboError
    ├── InvalidValue          one value is not what its kind allows
    ├── Refused               an act is refused; carries findings, one for each reason
    │   └── StaleVersion      somebody else changed the licence first
    ├── Unauthenticated       no valid token
    ├── Forbidden             the caller lacks a permission, or the profession is out of scope
    ├── NotFound              no such thing, or none that the caller may know of
    ├── BadCursor             a cursor is foreign, altered or of another query
    ├── SealBroken            a sealed value does not belong where it stands
    ├── NumberDestroyed       the number's key was destroyed on purpose
    ├── AuditUnavailable      the leaf could not be written, so nothing may be shown
    ├── LeaseLost             a worker comes back late: its job is another's, or nobody's
    ├── MessageRefused        what an outside system sent is not believed
    ├── SourceUnavailable     an outside system that the answer needs does not answer as it should
    └── OperatorError         a sentence for the person who runs the server
        ├── SettingsError
        ├── PluginError
        └── MigrationError

`code` is stable; `ja` and `en` say what to do. Neither ever repeats a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar


class FindingCode(StrEnum):
    """Why an act was refused: the closed set of the API's `UserErrorCode`."""

    REQUIRED = "REQUIRED"
    INVALID_VALUE = "INVALID_VALUE"
    UNKNOWN_CODE = "UNKNOWN_CODE"
    NOT_FOUND = "NOT_FOUND"
    DUPLICATE = "DUPLICATE"
    STALE_VERSION = "STALE_VERSION"
    WRONG_STATE = "WRONG_STATE"
    RULE_BROKEN = "RULE_BROKEN"
    NEEDS_SECOND_PERSON = "NEEDS_SECOND_PERSON"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason: `path` walks the input (`("register", "family_name")`), `rule` names what was broken."""

    path: str | tuple[str, ...]
    ja: str
    en: str
    code: FindingCode = FindingCode.RULE_BROKEN
    rule: str = ""
    cites: str = field(default="", compare=False)


class MeiboError(Exception):
    """The root: a stable code, and one sentence in each language."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, ja: str, en: str) -> None:
        super().__init__(en)
        self.ja = ja
        self.en = en


class InvalidValue(MeiboError):
    """A value is not what its kind allows; `rule` is a dotted id such as `date.before_1873`."""

    code = "INVALID_VALUE"

    def __init__(self, rule: str, ja: str, en: str) -> None:
        super().__init__(ja, en)
        self.rule = rule


class Refused(MeiboError):
    """An act was refused and nothing was stored; `findings` says why, one for each reason."""

    code = "REFUSED"

    def __init__(self, *findings: Finding) -> None:
        super().__init__(
            " ".join(f.ja for f in findings), "; ".join(f"{f.rule or f.code}: {f.en}" for f in findings)
        )
        self.findings = findings


class StaleVersion(Refused):
    """The licence has moved on since the caller read it."""

    code = "STALE_VERSION"

    def __init__(self) -> None:
        super().__init__(
            Finding(
                "expected_version",
                "他の方が先に更新しました。最新の内容を確認してください。",
                "Somebody changed this licence first. Look at it as it is now and try again.",
                FindingCode.STALE_VERSION,
                "register.stale_version",
            )
        )


class Unauthenticated(MeiboError):
    """No token, or one that is unknown, expired or withdrawn: these look alike."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("サインインしてください。", "Sign in: send a valid bearer token.")


class Forbidden(MeiboError):
    """The caller lacks `permission`, or the profession lies outside the caller's scope."""

    code = "FORBIDDEN"

    def __init__(self, permission: str) -> None:
        super().__init__(
            "この操作の権限がありません。",
            f"You may not do this: it needs the permission {permission} for this profession.",
        )
        self.permission = permission


class NotFound(MeiboError):
    """There is none, or none that the caller may know of: these look alike."""

    code = "NOT_FOUND"

    def __init__(self, what: str = "licence") -> None:
        super().__init__("該当するものがありません。", f"There is no such {what}.")


class BadCursor(MeiboError):
    """A cursor was altered, or comes from another query or server."""

    code = "BAD_CURSOR"

    def __init__(self) -> None:
        super().__init__(
            "カーソルが正しくありません。最初のページからやり直してください。",
            "This cursor does not belong to this query. Start again from the first page.",
        )


class SealBroken(MeiboError):
    """A sealed value was altered, moved to another place, or sealed under another key."""

    code = "SEAL_BROKEN"

    def __init__(self) -> None:
        super().__init__("暗号化された値を開けません。", "A sealed value does not open where it stands.")


class NumberDestroyed(MeiboError):
    """The number's key was destroyed on purpose; nobody can bring it back."""

    code = "NUMBER_DESTROYED"

    def __init__(self) -> None:
        super().__init__("番号は消去済みです。", "The number was destroyed.")


class AuditUnavailable(MeiboError):
    """The audit leaf could not be written, so no personal data leaves."""

    code = "AUDIT_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            "記録が取れないため、表示できません。",
            "The audit log cannot be written, so nothing can be shown. Try again later.",
        )


class LeaseLost(MeiboError):
    """A worker's time for a job ran out, so what it was about to write is not written."""

    code = "LEASE_LOST"

    def __init__(self) -> None:
        super().__init__(
            "処理の持ち時間が過ぎました。別の処理が引き継ぎます。",
            "The time for this job ran out: nothing was written, and another worker does it.",
        )


class MessageRefused(MeiboError):
    """A message of an outside system is not believed, and nothing of it is stored; `reason` is of a closed set."""

    code = "MESSAGE_REFUSED"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"外部のシステムからのデータを受け付けません（{reason}）。",
            f"The message was refused: {reason}. Nothing of it was stored.",
        )
        self.reason = reason


class SourceUnavailable(MeiboError):
    """An outside system, such as the identity provider, does not answer, or not as it should."""

    code = "SOURCE_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            "外部のシステムが応答しません。しばらくしてからやり直してください。",
            "An outside system does not answer. Try again later.",
        )


class OperatorError(MeiboError):
    """A sentence for the person who runs the server; the command prints it and exits with 2."""

    code = "OPERATOR"

    def __init__(self, en: str) -> None:
        super().__init__(en, en)


class SettingsError(OperatorError):
    """A setting is missing or wrong; names it."""

    code = "SETTINGS"


class PluginError(OperatorError):
    """A plugin cannot be used: which, what, and how to mend it."""

    code = "PLUGIN"


class MigrationError(OperatorError):
    """The databases cannot be brought up to date, or down, as asked."""

    code = "MIGRATION"
