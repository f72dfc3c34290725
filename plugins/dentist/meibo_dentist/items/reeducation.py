"""Items 88-89: re-education after a disposition (歯科医師法7条の2)."""

from meibo.plugin import Reeducation


class DentistReeducation(
    Reeducation,
    title="再教育研修",
    en="Re-education",
    heading="名簿情報",
    purpose=(
        "再教育研修命令の管理（歯科医師法7条の2）",
        "follow up orders of re-education (歯科医師法7条の2)",
    ),
    source="the minister's order; the holder's application",
    erasure="keep with the licence",
):
    """Whether a dentist's re-education was ordered and completed."""
