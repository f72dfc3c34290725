"""Jobs and links, as the lines of metrics. They tell of nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from meibo import clock
from meibo.jobs import JobState
from meibo.link.office import LinkState


def job_lines(counted: Mapping[tuple[str, JobState], int]) -> Iterator[str]:
    """A gauge in OpenMetrics' text: jobs by kind and state, those that are remembered."""
    yield "# TYPE meibo_jobs gauge"
    yield "# HELP meibo_jobs Jobs by kind and state; those that are done are forgotten after a week."
    for (kind, state), count in sorted(counted.items()):
        yield f'meibo_jobs{{kind="{kind}",state="{state}"}} {count}'


def link_lines(states: Iterable[LinkState], refused: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """For each connector: requests by status, failures in a row, whether nothing is sent to it; and the messages that
    this process has refused, by reason."""
    known, at = list(states), clock.now()
    yield "# TYPE meibo_link_requests gauge"
    yield "# HELP meibo_link_requests Requests to an outside system by status."
    for each in known:
        for status, count in sorted(each.counts.items()):
            yield f'meibo_link_requests{{connector="{each.connector}",status="{status}"}} {count}'
    yield "# TYPE meibo_link_failures gauge"
    yield "# HELP meibo_link_failures Deliveries that failed in a row."
    yield from (f'meibo_link_failures{{connector="{each.connector}"}} {each.failures}' for each in known)
    yield "# TYPE meibo_link_closed gauge"
    yield "# HELP meibo_link_closed Whether nothing is sent just now: paused by hand, or left alone after failures."
    for each in known:
        closed = each.paused or bool(each.open_until and each.open_until > at)
        yield f'meibo_link_closed{{connector="{each.connector}"}} {int(closed)}'
    yield "# TYPE meibo_link_refused counter"
    yield "# HELP meibo_link_refused Messages from an outside system that were refused, by reason."
    for (connector, reason), count in sorted(refused.items()):
        yield f'meibo_link_refused_total{{connector="{connector}",reason="{reason}"}} {count}'


def erasure_lines(overdue: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """A gauge: numbers that an existing system should have erased and has not confirmed, by system and profession."""
    yield "# TYPE meibo_exchange_overdue_erasures gauge"
    yield "# HELP meibo_exchange_overdue_erasures Numbers whose erasure an existing system has not confirmed in time."
    for (connector, profession), count in sorted(overdue.items()):
        about = f'connector="{connector}",profession="{profession}"'
        yield f"meibo_exchange_overdue_erasures{{{about}}} {count}"


def family_lines(overdue: Mapping[str, int]) -> Iterator[str]:
    """A gauge: results that the intermediate server should have deleted and has not, by profession."""
    yield "# TYPE meibo_family_overdue_results gauge"
    yield "# HELP meibo_family_overdue_results Results that are kept at the intermediate server beyond their time."
    for profession, count in sorted(overdue.items()):
        yield f'meibo_family_overdue_results{{profession="{profession}"}} {count}'


def exchange_lines(overdue: Mapping[tuple[str, str], int]) -> Iterator[str]:
    """A gauge: batches of numbers from paper whose sender should have proved that it destroyed them, and has not."""
    yield "# TYPE meibo_exchange_overdue_certificates gauge"
    yield "# HELP meibo_exchange_overdue_certificates Batches of numbers whose certificates of destruction are overdue."
    for (connector, profession), count in sorted(overdue.items()):
        told = f'connector="{connector}",profession="{profession}"'
        yield f"meibo_exchange_overdue_certificates{{{told}}} {count}"
