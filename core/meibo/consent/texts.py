"""The text that a holder consents to, by version: a record of consent names the version and the language shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version in both languages. It never changes: another wording is another version."""

    version: str
    ja: str
    en: str


CURRENT_TEXT = ConsentText(
    version="2026-11",
    ja=(
        "選択した項目と、照会時点の免許の状態を、指定した目的のために、指定した相手に見せることに同意します。"
        "同意は期限または回数に達すると終わり、いつでも取り消せます。すでに見られた内容は取り消せません。"
        "リンクを知る人は誰でも開けます（相手を指定した場合を除く）。"
    ),
    en=(
        "I agree that the chosen items, and the standing of my licence at the time of each look, are shown to the"
        " recipient for the purpose named. This ends with its term or its number of looks, and I may withdraw it at any"
        " time; what was seen before cannot be undone. Whoever has the link can open it, unless a recipient is named."
    ),
)
CONSENT_TEXTS = {text.version: text for text in (CURRENT_TEXT,)}
"""Every version that a record may name."""
