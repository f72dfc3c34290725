"""Items 92-93: re-education after a disposition (医師法7条の2)."""

from meibo.plugin import Reeducation


class DoctorReeducation(
    Reeducation,
    title="再教育研修",
    en="Re-education",
    heading="名簿情報",
    purpose=("再教育研修命令の管理（医師法7条の2）", "follow up orders of re-education (医師法7条の2)"),
    source="the minister's order; the holder's application",
    erasure="keep with the licence",
):
    """Whether a doctor's re-education was ordered and completed."""
