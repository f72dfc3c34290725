"""Rules of the dentists' biennial report (歯科医師法6条3項) alone; the medical file shares those of the entry."""

from collections.abc import Iterator

from meibo.plugin import Finding, Record, practice_report, rule

SAME = ("birth_date", "sex_code", "registration_number", "registration_date")
"""What a report tells of the entry. The names are left out: a report may be the first to tell of a new one."""


@rule(
    "dentist.report_of_this_entry",
    cites="歯科医師法6条3項、items 7-10, 32, 36, 54, 55",
    ja="届出の生年月日・性別・登録番号・登録年月日は、籍のものと同じである。",
)
def report_of_this_entry(record: Record, previous: Record | None) -> Iterator[Finding]:
    """A report, when it is handed in, tells the birth date, sex, number and date of the entry that it belongs to."""
    report = record.groups["practice_report"]
    if previous is not None and previous.groups["practice_report"] == report:
        return
    for name in SAME:
        reported = getattr(report, name)
        if reported is not None and reported != record.value(f"register.{name}"):
            yield Finding(
                f"practice_report.{name}",
                "届出の内容が籍と違います。届出か籍のどちらかを直してください。",
                "The report differs from the entry: mend one of them.",
            )


RULES = (
    report_of_this_entry,
    practice_report.email_consent("dentist"),
    practice_report.workplaces_named("dentist", "歯科医師法6条3項、items 16-18, 22-24"),
    practice_report.main_workplace_first("dentist"),
)
