"""`meibo check`: plan checks of all holders, approve them by a second person, see what they came to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TextIO
from uuid import UUID

import click

from meibo.access.principals import Principal, Surface
from meibo.checking.discrepancies import Discrepancy, KeptVerdict
from meibo.checking.evidence import Evidence
from meibo.checking.outcomes import Outcome
from meibo.checking.pages import QueueFilter
from meibo.checking.plans import LIVING, MOST_PER_BATCH, STANDING, Class, Plan
from meibo.checking.queue import Applied
from meibo.checking.rows import Report, Run
from meibo.checking.rules import KeptRule, Rule
from meibo.checking.states import DiscrepancyState, RunVerb, Verdict
from meibo.cli.running import with_installation
from meibo.database.walking import whole
from meibo.installation import Installation
from meibo.register.fold import State
from meibo.registry.requests import ActRequest

Command = Callable[..., Any]


@click.group()
def check() -> None:
    """Check all holders at an outside registry (定期照会), and decide about what differs."""


@check.group()
def rule() -> None:
    """Say from which day on a new address is applied by itself; by two people."""


def _as_whom(command: Command) -> Command:
    return click.option(
        "--token-file", type=click.File(), help="A token of the account that acts; without it, the operator."
    )(command)


def _planned(command: Command) -> Command:
    """The options that say who is asked about."""
    standings = click.Choice([s.value for s in LIVING])
    options = (
        click.option("--source", required=True, help="The registry, such as residents."),
        click.option("--profession", "professions", multiple=True, required=True, help="Repeat it."),
        click.option(
            "--standing", "standings", multiple=True, type=standings, help="Registered and suspended."
        ),
        click.option("--per-day", default=100_000, show_default=True, type=int, help="Holders a day."),
        click.option(
            "--per-batch", default=MOST_PER_BATCH, show_default=True, type=int, help="Holders at once."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return _as_whom(command)


@check.command()
@_planned
def estimate(token_file: TextIO | None, **fields: Any) -> None:
    """Count whom a plan would ask about: profession, standing, holders. Nothing is stored, and nothing is sent."""

    async def work(installation: Installation, principal: Principal) -> list[Class]:
        return await installation.checks.runs.estimate(principal, _plan(fields))

    for each in _run(token_file, work):
        click.echo(f"{each.profession}\t{each.standing}\t{each.count}")


@check.command()
@_planned
def plan(token_file: TextIO | None, **fields: Any) -> None:
    """Enter a run, which waits for somebody else's approval; prints its id."""

    async def work(installation: Installation, principal: Principal) -> Run:
        return await installation.checks.runs.plan(principal, _plan(fields))

    click.echo(_run(token_file, work).id)


def _verb(verb: RunVerb, text: str) -> None:
    """Add the command of a verb on runs."""

    def act(id: UUID, token_file: TextIO | None) -> None:
        async def work(installation: Installation, principal: Principal) -> Run:
            return await installation.checks.runs.act(principal, verb, id)

        done = _run(token_file, work)
        click.echo(f"{done.id}\t{done.state}")

    check.command(verb.value, help=text)(click.argument("id", type=click.UUID)(_as_whom(act)))


_verb(RunVerb.APPROVE, "Begin a run, by somebody else than who planned it.")
_verb(RunVerb.PAUSE, "Ask about nobody more until the run is resumed.")
_verb(RunVerb.RESUME, "Let a paused run go on.")
_verb(RunVerb.END, "End a run; what it found stays.")


@check.command("list")
@_as_whom
def list_(token_file: TextIO | None) -> None:
    """List runs, the newest first: id, state, source, professions, when planned."""

    async def work(installation: Installation, principal: Principal) -> list[Run]:
        return await whole(lambda page: installation.checks.runs.listed(principal, page))

    for each in _run(token_file, work):
        told = (
            each.id,
            each.state,
            each.plan.source,
            ",".join(each.plan.professions),
            each.planned_at.isoformat(),
        )
        click.echo("\t".join(map(str, told)))


@check.command()
@click.argument("id", type=click.UUID)
@_as_whom
def report(id: UUID, token_file: TextIO | None) -> None:
    """Print what a run has come to as JSON: batches by state, holders by outcome, profession and age."""

    async def work(installation: Installation, principal: Principal) -> Report:
        return await installation.checks.runs.report(principal, id)

    found = _run(token_file, work)
    told = {
        "run": str(found.run.id), "state": found.run.state, "batches": found.batches,
        "outcomes": found.by_outcome, "tallies": [asdict(each) for each in found.tallies],
    }  # fmt: skip
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@check.command()
@click.option(
    "--state", type=click.Choice([s.value for s in DiscrepancyState]), default=DiscrepancyState.OPEN.value
)
@click.option("--outcome", type=click.Choice([o.value for o in Outcome]), help="Only these.")
@_as_whom
def queue(state: str, outcome: str | None, token_file: TextIO | None) -> None:
    """List discrepancies, the oldest first: id, outcome, profession, pseudonym, when found."""

    async def work(installation: Installation, principal: Principal) -> list[Discrepancy]:
        chosen = Outcome(outcome) if outcome else None
        narrowed = QueueFilter(state=DiscrepancyState(state), outcome=chosen)
        return await whole(lambda page: installation.checks.queue.listed(principal, narrowed, page))

    for each in _run(token_file, work):
        told = (each.id, each.outcome, each.profession, each.pseudonym, each.found_at.isoformat())
        click.echo("\t".join(map(str, told)))


@check.command("open")
@click.argument("id", type=click.UUID)
@_as_whom
def open_(id: UUID, token_file: TextIO | None) -> None:
    """Print what is held and what was told, side by side, as JSON; who looked is recorded."""

    async def work(
        installation: Installation, principal: Principal
    ) -> tuple[Discrepancy, Evidence, list[KeptVerdict]]:
        return await installation.checks.queue.opened(principal, id)

    found, evidence, verdicts = _run(token_file, work)
    told = {
        "outcome": found.outcome, "state": found.state, "held": asdict(evidence.held),
        "told": [asdict(each) for each in evidence.told], "differing": sorted(evidence.differing),
        "verdicts": [{"verdict": each.verdict, "account": each.account} for each in verdicts],
    }  # fmt: skip
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


@check.command()
@click.argument("id", type=click.UUID)
@_as_whom
def confirm(id: UUID, token_file: TextIO | None) -> None:
    """Say that a discrepancy is so; a death is then applied by somebody else."""
    _decide(Verdict.CONFIRM, id, token_file)


@check.command()
@click.argument("id", type=click.UUID)
@_as_whom
def dismiss(id: UUID, token_file: TextIO | None) -> None:
    """Say that a discrepancy calls for nothing."""
    _decide(Verdict.DISMISS, id, token_file)


@check.command()
@click.argument("id", type=click.UUID)
@click.option("--effective-date", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--reason", required=True, help="The code of the correction's or striking off's reason.")
@click.option("--legal-basis", required=True, help="Its legal basis.")
@click.option("--delay-reason", default="", help="Where a time limit has passed.")
@_as_whom
def apply(id: UUID, effective_date: datetime, token_file: TextIO | None, **fields: str) -> None:
    """Enter what was told: a new name or address as a correction, a confirmed death as a striking off."""
    day = date(effective_date.year, effective_date.month, effective_date.day)
    request = ActRequest(idempotency_key="", effective_date=day, **fields)  # type: ignore[arg-type]

    async def work(installation: Installation, principal: Principal) -> Applied:
        return await installation.checks.queue.apply(principal, id, request)

    done = _run(token_file, work)
    click.echo(f"{id}\tapplied\t{done.action}")


@rule.command()
@click.option("--profession", required=True)
@click.option("--outcome", type=click.Choice([o.value for o in Outcome]), default=Outcome.MOVED.value)
@click.option("--start-date", type=click.DateTime(["%Y-%m-%d"]), required=True)
@click.option("--automatic/--by-hand", required=True)
@click.option("--reason", default="", help="The code of the corrections that follow.")
@click.option("--legal-basis", default="", help="Their legal basis.")
@_as_whom
def propose(outcome: str, start_date: datetime, token_file: TextIO | None, **fields: Any) -> None:
    """Propose a rule, which holds once somebody else approves it; prints its id."""
    day = date(start_date.year, start_date.month, start_date.day)
    proposed = Rule(outcome=Outcome(outcome), start_date=day, **fields)

    async def work(installation: Installation, principal: Principal) -> KeptRule:
        return await installation.checks.rules.propose(principal, proposed)

    click.echo(_run(token_file, work).id)


@rule.command("approve")
@click.argument("id", type=click.UUID)
@_as_whom
def approve_rule(id: UUID, token_file: TextIO | None) -> None:
    """Let a rule hold, by somebody else than who proposed it."""

    async def work(installation: Installation, principal: Principal) -> KeptRule:
        return await installation.checks.rules.approve(principal, id)

    _run(token_file, work)
    click.echo("The rule holds from its day on.")


@rule.command("list")
@_as_whom
def list_rules(token_file: TextIO | None) -> None:
    """List rules: id, profession, outcome, day, by itself or by hand, who proposed and approved it."""

    async def work(installation: Installation, principal: Principal) -> list[KeptRule]:
        return await installation.checks.rules.listed(principal)

    for kept in _run(token_file, work):
        how = "automatic" if kept.rule.automatic else "by hand"
        told = (kept.id, kept.rule.profession, kept.rule.outcome, kept.rule.start_date, how)
        click.echo("\t".join([*map(str, told), kept.proposed_by, kept.approved_by or "-"]))


def _plan(fields: dict[str, Any]) -> Plan:
    standings = tuple(map(State, fields.pop("standings"))) or STANDING
    return Plan(standings=standings, **fields)


def _decide(verdict: Verdict, id: UUID, token_file: TextIO | None) -> None:
    async def work(installation: Installation, principal: Principal) -> None:
        await installation.checks.queue.decide(principal, verdict, id)

    _run(token_file, work)
    click.echo(f"{id}\t{verdict}")


def _run(token_file: TextIO | None, work: Command) -> Any:
    """What comes of it as whoever's token the file holds, else as the operator. Raises Unauthenticated."""

    async def acting(installation: Installation, operator: Principal) -> Any:
        if token_file is None:
            return await work(installation, operator)
        token = token_file.read().strip()
        return await work(installation, await installation.tokens.principal(token, Surface.COMMAND))

    return with_installation(acting)
