"""One queue for what is to be done later: rows of the register's own store, so that a job stands or falls with the
change that asks for it."""

from meibo.jobs.kinds import Handler, JobKind, Priority
from meibo.jobs.leases import Lease
from meibo.jobs.office import JobOffice
from meibo.jobs.payloads import NOTHING, Nothing, Payload
from meibo.jobs.queue import Job, enqueue, hasten
from meibo.jobs.states import JobState
from meibo.jobs.worker import Worker

__all__ = [
    "NOTHING",
    "Handler",
    "Job",
    "JobKind",
    "JobOffice",
    "JobState",
    "Lease",
    "Nothing",
    "Payload",
    "Priority",
    "Worker",
    "enqueue",
    "hasten",
]
