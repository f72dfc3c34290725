"""Rules of the doctors' biennial report (医師法6条3項) alone; the medical file shares those of the entry."""

from meibo.plugin import Finding, practice_report, rule
from meibo_doctor.items import DoctorPracticeReport


@rule(
    "doctor.secondary_workplace_count",
    cites="items 73, 78",
    ja="従たる従事先の件数は、その名称の有無と合う。",
)
def secondary_workplace_count(practice_report: DoctorPracticeReport) -> Finding | None:
    """The number of further workplaces agrees with whether one is named."""
    count, named = practice_report.secondary_workplace_count, practice_report.secondary_workplace_name
    if count is None or bool(count) == bool(named):
        return None
    return Finding(
        "secondary_workplace_count",
        "従たる従事先の件数と名称が合いません。どちらかを直してください。",
        "The number of further workplaces does not agree with the one named: mend one of them.",
    )


@rule(
    "doctor.childbirth_department",
    cites="items 79, 81",
    ja="分娩を取り扱う医師は、従事する診療科名を届け出る。",
)
def childbirth_department(practice_report: DoctorPracticeReport) -> Finding | None:
    """Who attends births names the departments worked in."""
    if not practice_report.handles_childbirth or practice_report.clinical_departments:
        return None
    return Finding(
        "clinical_departments",
        "分娩を取り扱う場合は、従事する診療科名を入力してください。",
        "Who attends births names the clinical departments.",
    )


@rule(
    "doctor.regional_quota_service",
    cites="items 84-87",
    ja="従事年数・終了・従事場所は、従事要件のある医師だけが届け出る。",
)
def regional_quota_service(practice_report: DoctorPracticeReport) -> Finding | None:
    """Years, place and completion of service belong to those bound to serve."""
    service = (
        practice_report.regional_quota_service_years,
        practice_report.regional_quota_service_completed,
        practice_report.regional_quota_service_place,
    )
    if practice_report.regional_quota_service_required or not any(service):
        return None
    return Finding(
        "regional_quota_service_required",
        "従事年数・終了・従事場所がある場合は、従事要件を「有」にしてください。",
        "Years, completion or place of service are given: say that service is required, or clear them.",
    )


RULES = (
    practice_report.email_consent("doctor"),
    practice_report.workplaces_named("doctor", "医師法6条3項、items 65-69, 73-77"),
    practice_report.main_workplace_first("doctor"),
    secondary_workplace_count,
    childbirth_department,
    regional_quota_service,
)
