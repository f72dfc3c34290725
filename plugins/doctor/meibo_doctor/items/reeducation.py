"""Items 92-93: re-education after a disposition (医師法7条の2)."""

from datetime import date

from meibo.plugin import Group, Personal, item


class DoctorReeducation(
    Group,
    title="再教育研修",
    en="Re-education",
    heading="名簿情報",
    purpose="follow up orders of re-education (医師法7条の2)",
    source="the minister's order; the holder's application",
    erasure="keep with the licence",
):
    """Whether re-education was ordered and completed: it tells of a disposition, so it is sealed."""

    reeducation_completion_registered_date: Personal[date | None] = item(
        "再教育研修終了登録日", en="Completion registered on"
    )
    reeducation_order_registered_date: Personal[date | None] = item(
        "再教育研修命令登録日", en="Order registered on"
    )
