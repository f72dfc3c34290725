"""Rules of the biennial report (届出), for professions that report where they work in a group `practice_report`."""

from __future__ import annotations

from collections.abc import Iterator

from meibo.errors import Finding
from meibo.items.declaration import Group
from meibo.professions.rules import shared_rule


@shared_rule(
    "practice_report.email_use_consent",
    "practice_report.email_address",
    ja="メールアドレスの利用に同意する方は、アドレスを届け出る。",
)
def email_consent(practice_report: Group) -> Finding | None:
    """Who consents to be written to gives an address."""
    if not practice_report.email_use_consent or practice_report.email_address:
        return None
    return Finding(
        "email_address",
        "利用に同意する場合は、メールアドレスを入力してください。",
        "Give the e-mail address, or withdraw the consent to its use.",
    )


@shared_rule(ja="従事先について届け出るときは、その名称も届け出る。")
def workplaces_named(practice_report: Group) -> Iterator[Finding]:
    """What is told of a workplace belongs to a named one."""
    given = [item for item, _ in practice_report.values()]
    for place, ja, en in (("main", "主たる", "main"), ("secondary", "従たる", "second")):
        name = f"{place}_workplace_name"
        told = [item for item in given if item.startswith(f"{place}_workplace_")]
        if told and name not in told and told != [f"{place}_workplace_count"]:
            yield Finding(
                name, f"{ja}従事先の名称を入力してください。", f"Give the name of the {en} workplace."
            )


@shared_rule(
    "practice_report.main_workplace_name",
    "practice_report.secondary_workplace_name",
    ja="従たる従事先は、主たる従事先とともに届け出る。",
)
def main_workplace_first(practice_report: Group) -> Finding | None:
    """A second workplace stands beside a main one."""
    if not practice_report.secondary_workplace_name or practice_report.main_workplace_name:
        return None
    return Finding(
        "main_workplace_name",
        "従たる従事先だけが入力されています。主たる従事先を先に入力してください。",
        "There is a second workplace alone: give the main one first.",
    )
