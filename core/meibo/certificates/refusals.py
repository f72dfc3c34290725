"""The findings by which a certificate is refused; a failing proof by its reason."""

from __future__ import annotations

from collections.abc import Mapping

from meibo.certificates.outcomes import Reason
from meibo.errors import Finding, FindingCode
from meibo.items.texts import Texts

PROOF: Mapping[Reason, Texts] = {
    Reason.ALGORITHM: ("署名方式はES256に限ります。", "A proof is signed with ES256 alone."),
    Reason.AUDIENCE: ("宛先（aud）が違います。", "The proof is for another audience: take it from the nonce."),
    Reason.EXPIRED: ("証明が古すぎます。やり直してください。", "The proof or its nonce is too old: take a new nonce."),
    Reason.KEY_UNKNOWN: (
        "端末の公開鍵（jwk）が正しくありません。",
        "The header needs `jwk`, a public P-256 key, and names no other key.",
    ),
    Reason.MALFORMED: ("証明の形式が正しくありません。", "This is no proof: it is a compact JWS with `iat`."),
    Reason.NONCE: ("nonceが違います。取り直してください。", "The nonce was not given to this holder: take a new one."),
    Reason.NOT_YET_VALID: ("端末の時計が進んでいます。", "The proof is from the future: set the device's clock."),
    Reason.REPLAYED: ("この証明は使用済みです。", "A certificate was issued upon this nonce already: take a new one."),
    Reason.SIGNATURE: ("署名が正しくありません。", "The key in the header did not sign this proof."),
    Reason.TOO_LARGE: ("証明が長すぎます。", "The proof is too long."),
    Reason.TYPE: ("typが違います。", "The proof's `typ` is not openid4vci-proof+jwt."),
}  # fmt: skip
"""What to do about a proof that fails."""


def proof(reason: Reason) -> Finding:
    """The proof of the holder's key fails."""
    return Finding(("proof",), *PROOF[reason], FindingCode.INVALID_VALUE, f"certificate.proof.{reason}")


def does_not_stand() -> Finding:
    """Nobody gets a certificate of what does not hold."""
    return Finding(
        ("licence_id",),
        "登録が有効でないため、証明書を発行できません。",
        "The licence does not stand today, so it has no certificate.",
        FindingCode.WRONG_STATE,
        "certificate.licence_does_not_stand",
    )


def changed() -> Finding:
    """The licence has moved on since its claims were read."""
    return Finding(
        ("licence_id",),
        "登録内容が更新されました。もう一度お試しください。",
        "The licence was changed meanwhile: send the same again.",
        FindingCode.STALE_VERSION,
        "certificate.stale",
    )


def issued_already() -> Finding:
    """The idempotency key led to a certificate before; its text is kept nowhere."""
    return Finding(
        ("idempotency_key",),
        "このキーでは発行済みです。受け取れなかった場合は失効させ、別のキーで発行してください。",
        "A certificate was issued under this key. If it did not arrive, revoke it and ask under another key.",
        FindingCode.DUPLICATE,
        "certificate.issued_already",
    )


def too_many(most: int) -> Finding:
    """The licence has as many certificates as it may."""
    return Finding(
        ("licence_id",),
        f"有効な証明書は{most}件までです。不要なものを失効させてください。",
        f"A licence has at most {most} certificates at once: revoke one first.",
        FindingCode.RULE_BROKEN,
        "certificate.many",
    )


def too_often(most: int) -> Finding:
    """So many certificates of the licence were issued within a day."""
    return Finding(
        ("licence_id",),
        f"証明書の発行は24時間に{most}件までです。",
        f"At most {most} certificates of a licence are issued within 24 hours: try again later.",
        FindingCode.RULE_BROKEN,
        "certificate.often",
    )


def too_large() -> Finding:
    """The claims have no room in a QR code that a desk camera reads at once."""
    return Finding(
        ("claims",),
        "QRコードに入りきりません。項目を減らしてください。",
        "This does not fit into a QR code: choose fewer claims.",
        FindingCode.INVALID_VALUE,
        "certificate.qr_too_large",
    )


def no_such_claim() -> Finding:
    """A claim was chosen that the certificate does not show today, or one twice."""
    return Finding(
        ("claims",),
        "この免許で証明できる項目から、一度ずつ選んでください。",
        "Choose among the claims of this licence that have a value, each once.",
        FindingCode.INVALID_VALUE,
        "certificate.claims",
    )


def key_length(most: int) -> Finding:
    """An idempotency key is empty or too long."""
    return Finding(
        ("idempotency_key",),
        f"キーを1〜{most}文字で指定してください。",
        f"Give a key of 1 to {most} characters.",
        FindingCode.INVALID_VALUE,
        "certificate.key",
    )


def not_offered() -> Finding:
    """The profession has no certificate, or its administrator no key that signs."""
    return Finding(
        ("licence_id",),
        "この免許の証明書は現在発行していません。",
        "Certificates of this profession are not issued at present.",
        FindingCode.WRONG_STATE,
        "certificate.not_offered",
    )


def unknown() -> Finding:
    """There is no such certificate, or it is another holder's: these look alike."""
    return Finding(
        ("certificate_id",),
        "該当する証明書がありません。",
        "There is no such certificate.",
        FindingCode.NOT_FOUND,
        "certificate.unknown",
    )
