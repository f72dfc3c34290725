"""What stands in the stores before anything is asked: whatever verbs and fields need to be about."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from meibo import clock
from meibo.access.permissions import Role
from meibo.checking.classifying import Judgement
from meibo.checking.evidence import seal_evidence
from meibo.checking.facts import Held, Reply, Told
from meibo.checking.outcomes import Item
from meibo.checking.outcomes import Key as Found
from meibo.checking.outcomes import Outcome as CheckOutcome
from meibo.checking.plans import Plan
from meibo.checking.rules import Rule
from meibo.checking.states import RunState
from meibo.checking.tables import check_batch, check_discrepancy, check_run
from meibo.exchange.beats import BEAT
from meibo.exchange.messages import TheirChange
from meibo.exchange.numbers import Basis
from meibo.exchange.outcomes import Outcome as FeedOutcome
from meibo.exchange.outcomes import Outcomes
from meibo.identity import NumberKind, VerifiedBy
from meibo.installation import Installation
from meibo.jobs import JobState, Nothing, enqueue
from meibo.jobs.tables import job
from meibo.link.tables import link_message
from meibo.linkage.residents import Key
from meibo.partners import PartnerVerb
from meibo.register import tables
from meibo.register.opening import open_licence
from meibo.values.pseudonyms import LicencePseudonym
from tests import partners
from tests.installed import principal
from tests.security.api import Api
from tests.security.conftest import Registers
from tests.security.matrix.exchange import FEED


async def disposition_of(api: Api, token: str, licence: str) -> str:
    """The id of a licence's one disposition."""
    document = "query($by: LicenceKey!) { licence(by: $by) { ... on DoctorLicence { dispositions { id } } } }"
    found = await api.call(token, document, {"by": {"id": licence}})
    [disposition] = found.data["licence"]["dispositions"]
    return str(disposition["id"])


async def unsent_request(installation: Installation) -> str:
    """A request to an outside system that was not sent."""
    scope = installation.scopes.of("doctor")
    async with installation.register.write([scope]) as work:
        licence = await work.connection.scalar(select(tables.licence.c.id).limit(1))
        row = {
            "id": uuid4(), "scope": scope, "licence_id": licence, "connector": "intermediate_server",
            "type": "obtain_symbol", "status": "requested", "requested_at": clock.now(), "key_version": 1,
            "sealed": b"sealed",
        }  # fmt: skip
        await work.connection.execute(insert(link_message), row)
        await work.commit()
    return str(row["id"])


async def planned_checks(registers: Registers) -> dict[str, str]:
    """The ids of runs in three states, of a rule that waits, and of a discrepancy that somebody moved."""
    installation, asker = registers.api.installation, principal(Role.ADMINISTRATOR, account="asker")
    checks, scope = installation.checks, installation.scopes.of("doctor")
    rule = Rule(profession="doctor", outcome=CheckOutcome.MOVED, start_date=clock.today(), automatic=False)
    ids = {"rule that waits": str((await checks.rules.propose(asker, rule)).id)}
    for state in (RunState.PLANNED, RunState.RUNNING, RunState.PAUSED):
        run = await checks.runs.plan(asker, Plan(source="residents", professions=("doctor",)))
        ids[f"check that is {state}"] = str(run.id)
        async with installation.register.write([scope]) as work:
            await work.connection.execute(
                update(check_run).where(check_run.c.id == run.id).values(state=state)
            )
            await work.commit()
    basis = Basis(legal_basis="test", start_date=clock.today(), end_date=clock.today())
    proposed = await installation.exchange.numbers.propose(asker, FEED["connector"], "doctor", basis)
    return ids | {"basis that waits": str(proposed), "discrepancy": await _discrepancy(registers, run.id)}


async def noted_conflict(registers: Registers) -> str:
    """The id of a change of the registered doctor's name over there, which is ours to change."""
    installation, licence = registers.api.installation, registers.licences["registered"]
    wanted = TheirChange(uuid4(), "L-UNKNOWN", clock.today(), "201", {"register.family_name": "変更"})
    scope = installation.scopes.of("doctor")
    async with installation.register.write([scope]) as work:
        noted = Outcomes(FEED["connector"], scope, installation.keys)
        await noted.note(work.connection, wanted, licence, FeedOutcome.OUR_ITEM)
        await work.commit()
    return str(wanted.id)


async def dead_job(installation: Installation) -> str:
    """The id of a job that failed too often."""
    async with installation.register.write() as work:
        id = await enqueue(work.connection, BEAT, Nothing())
        await work.connection.execute(update(job).where(job.c.id == id).values(state=JobState.DEAD))
        await work.commit()
    return str(id)


async def _discrepancy(registers: Registers, run: UUID) -> str:
    """The id of a discrepancy of the registered doctor, whose name was told to be another."""
    installation, licence = registers.api.installation, registers.licences["registered"]
    scope, id, batch, at = installation.scopes.of("doctor"), uuid4(), uuid4(), clock.now()
    held, told = Held(family_name="見本"), Told(name="変更　花子", kana="ヘンコウ　ハナコ")
    async with installation.register.write([scope]) as work:
        known = await open_licence(work.connection, installation.host["doctor"], installation.keys, licence)
        assert known is not None
        judged = Judgement(CheckOutcome.RENAMED, frozenset({Item.NAME}))
        sealed = seal_evidence(known.secret, licence, id, held, Reply(Found.NUMBER, (told,)), judged)
        row = {
            "id": batch,
            "scope": scope,
            "run_id": run,
            "number": 1,
            "first_id": licence,
            "last_id": licence,
        }
        await work.connection.execute(insert(check_batch), row | {"size": 1, "state": "done"})
        found = {
            "id": id, "scope": scope, "licence_id": licence, "version": 1, "batch_id": batch,
            "source": "residents", "outcome": judged.outcome, "state": "open", "found_at": at, "sealed": sealed,
        }  # fmt: skip
        await work.connection.execute(insert(check_discrepancy), found)
        await work.commit()
    return str(id)


async def keep_symbol(installation: Installation, pseudonym: str) -> None:
    """The vault holds a symbol by which the family register is asked about the licence."""
    profession = installation.host["doctor"]
    await installation.identity.enrol_for(
        principal(), profession=profession.code, file=profession.file, pseudonym=LicencePseudonym(pseudonym),
        numbers={NumberKind.INSTITUTION_CODE: "symbol-1"}, verified_by=VerifiedBy.RESIDENT_RECORD_NETWORK,
        operation="test",
    )  # fmt: skip


async def three_partners(installation: Installation) -> dict[str, str]:
    """The ids of three partners by their state."""
    waiting = await partners.applied(installation)
    entered = await partners.approved(installation)
    suspended = await partners.acted(
        installation, partners.APPLICANT, PartnerVerb.SUSPEND, await partners.approved(installation)
    )
    return {f"partner that is {each.state}": each.id for each in (waiting, entered, suspended)}


async def requested_run(registers: Registers) -> dict[str, str]:
    """The id of a run that waits for a second person."""
    runs, about = registers.api.installation.residents.runs, [registers.licences["registered"]]
    asker = principal(Role.OFFICER, account="asker")
    made = await runs.start(asker, "doctor", Key.FACTS, about)
    assert made is not None
    return {"run that is requested": str(made.id)}
