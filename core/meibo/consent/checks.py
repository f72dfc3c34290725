"""What a request to share must be: every reason against it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from meibo.consent.requests import Recipient, ShareRequest
from meibo.consent.texts import CONSENT_TEXTS
from meibo.errors import Finding, FindingCode

LONGEST = timedelta(days=90)
MOST_USES = 100
MOST_SHARES = 50
"""Shares of one licence that stand at once."""
LANGUAGES = ("ja", "en")


def findings(
    request: ShareRequest, profession: str, offered: Collection[str], named: Recipient | None, at: datetime
) -> Iterator[Finding]:
    """Why a share may not be made; `offered` are the claims of the licence's certificate, and `named` is whom the
    request names (None: nobody that it may name)."""
    if not request.claims:
        yield _finding("claims", "項目を選んでください。", "Choose what to share.", FindingCode.REQUIRED)
    elif not set(request.claims) <= set(offered) or len(set(request.claims)) < len(request.claims):
        yield _finding(
            "claims",
            "この免許で共有できる項目から、一度ずつ選んでください。",
            "Choose among the claims of this licence, each once.",
        )
    if not at < request.expires_at <= at + LONGEST:
        yield _finding(
            "expires_at", "期限は90日以内で指定してください。", "Let it end within 90 days from now."
        )
    if not 1 <= request.uses <= MOST_USES:
        yield _finding("uses", f"回数は1から{MOST_USES}までです。", f"Let it be used 1 to {MOST_USES} times.")
    yield from _recipients(request, profession, named)
    if request.text_version not in CONSENT_TEXTS:
        yield _finding(
            "text_version",
            "最新の同意文を表示してから同意してください。",
            "Show the holder a text of consent that is in force, and name its version.",
        )
    if request.language not in LANGUAGES:
        yield _finding("language", "ja または en を指定してください。", "Name ja or en.")


def _recipients(request: ShareRequest, profession: str, named: Recipient | None) -> Iterator[Finding]:
    if named is None:
        yield _finding(
            "recipient",
            "この相手には共有できません。一覧から選び直してください。",
            "A licence cannot be shared with this recipient: choose one of the list.",
        )
    elif not all(named.may_see(profession, claim) for claim in request.claims):
        yield _finding(
            "claims",
            "この相手が確認できない項目が含まれています。",
            "This recipient may not be shown all of these claims.",
            rule="share.cap",
        )


def too_many() -> Finding:
    """The licence has as many shares as it may."""
    return _finding(
        "licence_id",
        f"有効な共有は{MOST_SHARES}件までです。不要な共有を取り消してください。",
        f"A licence has at most {MOST_SHARES} shares that stand: withdraw one first.",
        rule="share.many",
    )


def does_not_stand() -> Finding:
    """A licence that does not stand is not shared."""
    return _finding(
        "licence_id",
        "この免許は現在有効ではないため、共有できません。",
        "This licence does not stand at present: it cannot be shared.",
        FindingCode.WRONG_STATE,
        rule="share.standing",
    )


def _finding(
    path: str, ja: str, en: str, code: FindingCode = FindingCode.INVALID_VALUE, *, rule: str = ""
) -> Finding:
    return Finding((path,), ja, en, code, rule or f"share.{path}")
