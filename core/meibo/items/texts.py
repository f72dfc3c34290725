"""Texts that a person sees, in Japanese and English, and the phrases that many groups say alike."""

from __future__ import annotations

from collections.abc import Mapping

Texts = tuple[str, str]
"""Japanese and English."""

PHRASES: Mapping[str, str] = {
    "register": "名簿への登録",
    "labels of codes": "コードの名称の表示",
    "statistics": "統計の作成",
    "write to the holder": "名簿登録者への連絡",
    "application": "申請書",
    "application, national examination": "申請書、国家試験の合格者情報",
    "application for the national examination": "国家試験の受験願書",
    "biennial report": "業務従事者届（2年ごと）",
    "the minister's order; the holder's application": "厚生労働大臣の命令、本人の申請",
    "the ministry": "厚生労働省",
    "keep": "消除後も保管する",
    "keep with the licence": "登録とともに保管する",
    "kept for good (医籍等は永年保存)": "永年保存（医籍等は永年保存）",
}
"""English -> Japanese. A group that says one of these in its declaration says it in both languages."""


def in_both(text: str | Texts) -> Texts:
    """The Japanese and English text; of an English one alone that is no known phrase, the Japanese is empty."""
    return (PHRASES.get(text, ""), text) if isinstance(text, str) else text
