"""What partners send, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import strawberry

from meibo.errors import Finding, FindingCode
from meibo.verifying import Means, Shown

MOST_ITEMS = 1_000
LONGEST_KEY = 200
LONGEST_REFERENCE = 100
LONGEST_NONCE = 512
PERSONAL = frozenset(
    {
        "ShareTokenInput.token",
        "RedeemShareTokenInput.token",
        *(
            f"{name}.{field}"
            for name in ("CredentialInput", "VerifyCredentialInput")
            for field in ("presentation", "qr")
        ),
    }
)
"""Input fields that take variables only: a secret or personal data in a document would be kept with it."""
_REFERENCE = (
    "The partner's own name for the check, up to 100 characters: comes back, and stands in the receipt."
)
_KEY = "Up to 200 characters. Sent again with the same content, it leads to the same outcomes and uses nothing up."
_NONCE = "The nonce that the presentation was made for: new each time, chosen by the partner."


@strawberry.input
class ShareTokenInput:
    token: str = strawberry.field(description="The fragment of the link that the holder gave: 32 characters.")
    reference: str | None = strawberry.field(default=None, description=_REFERENCE)


@strawberry.input(description="One share's token.")
class RedeemShareTokenInput:
    idempotency_key: str = strawberry.field(description=_KEY)
    token: str = strawberry.field(description="The fragment of the link that the holder gave: 32 characters.")
    reference: str | None = strawberry.field(default=None, description=_REFERENCE)


@strawberry.input(description="Up to 1,000 shares' tokens.")
class RedeemShareTokensInput:
    idempotency_key: str = strawberry.field(description=_KEY)
    items: list[ShareTokenInput]


@strawberry.input(description="Either a presentation with its nonce, or a QR certificate.")
class CredentialInput:
    presentation: str | None = strawberry.field(
        default=None, description="An SD-JWT VC with key binding, made for viewer.audience."
    )
    nonce: str | None = strawberry.field(default=None, description=_NONCE)
    qr: str | None = strawberry.field(default=None, description="The link of a QR code, or its fragment.")
    reference: str | None = strawberry.field(default=None, description=_REFERENCE)


@strawberry.input(description="One certificate: either a presentation with its nonce, or a QR certificate.")
class VerifyCredentialInput(CredentialInput):
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input(description="Up to 1,000 certificates.")
class VerifyCredentialsInput:
    idempotency_key: str = strawberry.field(description=_KEY)
    items: list[CredentialInput]


def token_shown(given: ShareTokenInput | RedeemShareTokenInput) -> Shown:
    """A token as core takes it."""
    return Shown(means=Means.SHARE, text=given.token, reference=given.reference)


def credential_shown(given: CredentialInput) -> Shown:
    """A certificate as core takes it; `findings` has looked at it."""
    if given.qr is not None:
        return Shown(means=Means.QR, text=given.qr, reference=given.reference)
    return Shown(
        means=Means.PRESENTATION, text=given.presentation or "", nonce=given.nonce or "",
        reference=given.reference,
    )  # fmt: skip


def findings(
    key: str, items: Sequence[ShareTokenInput | RedeemShareTokenInput | CredentialInput]
) -> Iterator[Finding]:
    """Every reason against a request; nothing is counted where there is one."""
    if not 1 <= len(key) <= LONGEST_KEY:
        yield _finding(
            "idempotency_key",
            "キーは1から200文字です。",
            "Let the key have 1 to 200 characters.",
            "verify.key",
        )
    if not 1 <= len(items) <= MOST_ITEMS:
        yield _finding("items", "1件から1,000件までです。", "Send 1 to 1,000 items.", "verify.items")
        return
    for place, item in enumerate(items):
        path = ("items", str(place)) if len(items) > 1 else ()
        if len(item.reference or "") > LONGEST_REFERENCE:
            yield _finding(
                "reference",
                "100文字までです。",
                "Let it have at most 100 characters.",
                "verify.reference",
                path,
            )
        if isinstance(item, CredentialInput):
            yield from _of_credential(item, path)


def _of_credential(item: CredentialInput, path: tuple[str, ...]) -> Iterator[Finding]:
    if (item.presentation is None) == (item.qr is None):
        yield _finding(
            "presentation",
            "presentation か qr のどちらか一方を指定してください。",
            "Send either presentation or qr.",
            "verify.one_of",
            path,
        )
    elif item.presentation is not None and not 1 <= len(item.nonce or "") <= LONGEST_NONCE:
        yield _finding(
            "nonce",
            "提示に使われた nonce を指定してください。",
            "Send the nonce that the presentation was made for, up to 512 characters.",
            "verify.nonce",
            path,
        )


def _finding(field: str, ja: str, en: str, rule: str, path: tuple[str, ...] = ()) -> Finding:
    return Finding((*path, field), ja, en, FindingCode.INVALID_VALUE, rule)
