"""Rules of the biennial report (医師法6条3項)."""

from collections.abc import Iterator

from meibo.plugin import Finding, rule
from meibo_doctor.items import DoctorPracticeReport

WORKPLACE_DETAILS = ("phone", "address", "working_days", "duty_count")


@rule("doctor.email_consent", cites="items 62, 63")
def email_consent(practice_report: DoctorPracticeReport) -> Finding | None:
    """Who consents to be written to gives an address."""
    if not practice_report.email_use_consent or practice_report.email_address:
        return None
    return Finding(
        "email_address",
        "利用に同意する場合は、メールアドレスを入力してください。",
        "Give the e-mail address, or withdraw the consent to its use.",
    )


@rule("doctor.workplaces_named", cites="医師法6条3項、items 65-69, 73-77")
def workplaces_named(practice_report: DoctorPracticeReport) -> Iterator[Finding]:
    """What is told of a workplace belongs to a named one."""
    for place, ja, en in (("main", "主たる", "main"), ("secondary", "従たる", "second")):
        details = [getattr(practice_report, f"{place}_workplace_{name}") for name in WORKPLACE_DETAILS]
        named = getattr(practice_report, f"{place}_workplace_name")
        if not named and any(detail is not None for detail in details):
            yield Finding(
                f"{place}_workplace_name",
                f"{ja}従事先の名称を入力してください。",
                f"Give the name of the {en} workplace.",
            )


@rule("doctor.main_workplace_first", cites="items 65, 73")
def main_workplace_first(practice_report: DoctorPracticeReport) -> Finding | None:
    """A second workplace stands beside a main one."""
    if not practice_report.secondary_workplace_name or practice_report.main_workplace_name:
        return None
    return Finding(
        "main_workplace_name",
        "従たる従事先だけが入力されています。主たる従事先を先に入力してください。",
        "There is a second workplace alone: give the main one first.",
    )


@rule("doctor.secondary_workplace_count", cites="items 73, 78")
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


@rule("doctor.childbirth_department", cites="items 79, 81")
def childbirth_department(practice_report: DoctorPracticeReport) -> Finding | None:
    """Who attends births names the departments worked in."""
    if not practice_report.handles_childbirth or practice_report.clinical_departments:
        return None
    return Finding(
        "clinical_departments",
        "分娩を取り扱う場合は、従事する診療科名を入力してください。",
        "Who attends births names the clinical departments.",
    )


@rule("doctor.regional_quota_service", cites="items 84-87")
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
