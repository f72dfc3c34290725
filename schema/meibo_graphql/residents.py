"""The resident-record network at the registry: runs about many, a search for one, a number obtained for a holder."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.database.paging import PageRequest
from meibo.errors import Finding, FindingCode, InvalidValue, NotFound, Refused
from meibo.linkage import residents
from meibo.linkage.residents import Candidate, Facts, Glyph, Key, Outcome, ResidentRuns, Run, RunState
from meibo.registry import refusals
from meibo_graphql.context import of
from meibo_graphql.ids import NodeKind
from meibo_graphql.pages import Connection, connected
from meibo_graphql.types import UserError, user_error

strawberry.enum(Key, name="ResidentKey", description="By what a resident is looked for.")
strawberry.enum(Outcome, name="ResidentOutcome", description="What came of an inquiry about one person.")
strawberry.enum(RunState, name="ResidentRunState", description="What was decided on a run.")


@strawberry.type(description="How many inquiries of a run came to an outcome.")
class ResidentOutcomeCount:
    outcome: Outcome
    count: int


@strawberry.type(description="住基照会: an inquiry about many holders at the resident-record network.")
class ResidentRun:
    id: strawberry.ID
    source: strawberry.Private[Run]

    @strawberry.field
    def profession(self) -> strawberry.ID:
        return strawberry.ID(self.source.profession)

    @strawberry.field
    def key(self) -> Key:
        return self.source.key

    @strawberry.field
    def state(self) -> RunState:
        return self.source.state

    @strawberry.field(description="Holders asked about.")
    def size(self) -> int:
        return self.source.size

    @strawberry.field(description="Those whose inquiries have no outcome yet.")
    def waiting(self) -> int:
        return self.source.waiting

    @strawberry.field
    def outcomes(self) -> list[ResidentOutcomeCount]:
        return [ResidentOutcomeCount(outcome=o, count=n) for o, n in sorted(self.source.outcomes.items())]

    @strawberry.field
    def requested_by(self) -> str:
        return self.source.requested_by

    @strawberry.field
    def requested_at(self) -> datetime:
        return self.source.requested_at

    @strawberry.field(description="Who approved or withdrew it.")
    def decided_by(self) -> str | None:
        return self.source.decided_by

    @strawberry.field
    def decided_at(self) -> datetime | None:
        return self.source.decided_at


@strawberry.type(description="外字: a character that a text lacks, where the text has 〓.")
class ResidentGlyph:
    item: str
    position: int = strawberry.field(description="From 0.")
    name: str = strawberry.field(
        description="By its name in 文字情報基盤 (MJ…), or its number in Unicode (U+…)."
    )


@strawberry.type(description="What the texts of one reply lack.")
class ResidentReplyGlyphs:
    subject_identification: str = strawberry.field(description="That of the reply: 対象者識別情報.")
    glyphs: list[ResidentGlyph]


@strawberry.type(description="A resident who may be meant. No number is ever shown.")
class ResidentCandidate:
    source: strawberry.Private[Candidate]

    @strawberry.field
    def full_name(self) -> str | None:
        return self.source.values.get("full_name_kanji")

    @strawberry.field
    def full_name_kana(self) -> str | None:
        return self.source.values.get("full_name_kana")

    @strawberry.field(description="EDTF: XX where month or day is not known.")
    def birth_date(self) -> str | None:
        return self.source.values.get("birth_date")

    @strawberry.field
    def sex_code(self) -> str | None:
        return self.source.values.get("sex")

    @strawberry.field
    def address(self) -> str | None:
        return self.source.values.get("address")

    @strawberry.field(description="A code: whether the resident lives.")
    def living_status(self) -> str | None:
        return self.source.values.get("living_status")

    @strawberry.field
    def movement_date(self) -> str | None:
        return self.source.values.get("movement_date")

    @strawberry.field
    def has_number(self) -> bool:
        return self.source.has_number

    @strawberry.field
    def glyphs(self) -> list[ResidentGlyph]:
        return _glyphs(self.source.glyphs)


@strawberry.input(description="Ask for a run, which waits for somebody else's approval.")
class StartResidentRunInput:
    profession: strawberry.ID
    key: Key
    licence_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="At most 1,000; left out: every licence that has not ended."
    )
    validate_only: bool = False


@strawberry.input
class ResidentRunActInput:
    profession: strawberry.ID
    run_id: strawberry.ID
    validate_only: bool = False


@strawberry.input(description="A number, or the four facts: a name, and an address or a date of birth.")
class SearchResidentsInput:
    profession: strawberry.ID
    key: Key
    number: str = ""
    full_name: str = strawberry.field(default="", description="As the register writes it.")
    full_name_kana: str = ""
    address: str = ""
    sex_code: str = ""
    birth_date: str = strawberry.field(default="", description="EDTF.")


@strawberry.input(description="Have the vault get a holder's number by the facts that the register keeps.")
class ObtainNumberInput:
    licence_id: strawberry.ID
    address: str = strawberry.field(default="", description="Where one tells residents of one name apart.")


@strawberry.type
class ResidentRunPayload:
    run: ResidentRun | None
    user_errors: list[UserError]


@strawberry.type
class SearchResidentsPayload:
    candidates: list[ResidentCandidate]
    user_errors: list[UserError]


@strawberry.type
class ObtainNumberPayload:
    outcome: Outcome | None = strawberry.field(
        description="FOUND: the number is in the vault, if there is one."
    )
    user_errors: list[UserError]


PERSONAL = frozenset(
    {f"SearchResidentsInput.{n}" for n in ("number", "fullName", "fullNameKana", "address", "birthDate")}
    | {"ObtainNumberInput.address"}
)
"""Arguments that are accepted as variables alone."""


async def resolve_runs(
    info: Info[Any, Any],
    profession: strawberry.ID,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Connection[ResidentRun]:
    """A page of the runs of a profession."""
    request = PageRequest(first, after, last, before)
    return connected(await _runs(info).runs(of(info).principal, profession, request), shown)


async def resolve_run(
    info: Info[Any, Any], profession: strawberry.ID, id: strawberry.ID
) -> ResidentRun | None:
    """A run by its id; null where there is none."""
    try:
        return shown(await _runs(info).run(of(info).principal, profession, _uuid(id)))
    except NotFound:
        return None


async def resolve_glyphs(info: Info[Any, Any], id: strawberry.ID) -> list[ResidentReplyGlyphs]:
    """The characters beside the replies of a licence; none where there is none to see."""
    context = of(info)
    await context.demand(Permission.REPLY_READ, "resident_glyphs")
    key = context.ids.open(id)
    head = await context.heads.load(key.id) if key and key.kind is NodeKind.LICENCE else None
    if head is None:
        return []
    desk = context.installation.residents.glyphs
    found = await desk.read(context.principal, head.profession, head.id)
    return [
        ResidentReplyGlyphs(subject_identification=str(reference), glyphs=_glyphs(glyphs))
        for reference, glyphs in found.items()
        if glyphs
    ]


async def start(info: Info[Any, Any], input: StartResidentRunInput) -> ResidentRunPayload:
    """Ask for a run."""

    async def act() -> Run | None:
        licences = None if input.licence_ids is None else [_licence(info, id) for id in input.licence_ids]
        return await _runs(info).start(
            of(info).principal, input.profession, input.key, licences, validate_only=input.validate_only
        )

    return await _payload(act)


def decide(verb: Callable[..., Awaitable[Run | None]]) -> Callable[..., Any]:
    """The resolver of a decision on a run, which is a verb of the office."""

    async def resolve(info: Info[Any, Any], input: ResidentRunActInput) -> ResidentRunPayload:
        async def act() -> Run | None:
            told = of(info).principal, input.profession, _uuid(input.run_id)
            return await verb(_runs(info), *told, validate_only=input.validate_only)

        return await _payload(act)

    return resolve


async def search(info: Info[Any, Any], input: SearchResidentsInput) -> SearchResidentsPayload:
    """Look for one resident."""
    facts = Facts(input.full_name, input.full_name_kana, input.address, input.sex_code, input.birth_date)
    try:
        found = await of(info).installation.residents.desk.search(
            of(info).principal, input.profession, input.key, input.number, facts
        )
    except (Refused, InvalidValue) as error:
        return SearchResidentsPayload(candidates=[], user_errors=_errors(error))
    return SearchResidentsPayload(
        candidates=[ResidentCandidate(source=each) for each in found], user_errors=[]
    )


async def obtain_number(info: Info[Any, Any], input: ObtainNumberInput) -> ObtainNumberPayload:
    """Get a holder's number into the vault."""
    context = of(info)
    try:
        await context.installation.residents.desk.demand_obtaining(context.principal)
        key = context.ids.open(input.licence_id)
        head = await context.heads.load(key.id) if key and key.kind is NodeKind.LICENCE else None
        if head is None:
            raise Refused(refusals.no_licence())
        outcome = await context.installation.residents.desk.obtain_number(
            context.principal, head.profession, head.id, input.address
        )
    except (Refused, InvalidValue) as error:
        await context.installation.guard.refused(context.principal, residents.OBTAIN, None, error.code)
        return ObtainNumberPayload(outcome=None, user_errors=_errors(error))
    return ObtainNumberPayload(outcome=outcome, user_errors=[])


QUERIES = {
    "resident_runs": strawberry.field(
        resolver=resolve_runs, description="住基照会: a profession's runs, the newest first."
    ),
    "resident_glyphs": strawberry.field(
        resolver=resolve_glyphs,
        description="外字: what the texts of a licence's resident-record replies lack.",
    ),
    "resident_run": strawberry.field(resolver=resolve_run, description="A run by its id."),
}
"""The root fields, by name."""
MUTATIONS = {
    "start_resident_run": strawberry.field(
        resolver=start, description="照会の申請: ask the resident-record network about many holders."
    ),
    "approve_resident_run": strawberry.field(
        resolver=decide(ResidentRuns.approve),
        description="承認: let a run begin. By another person than who asked for it.",
    ),
    "withdraw_resident_run": strawberry.field(
        resolver=decide(ResidentRuns.withdraw), description="取下げ: end a run that has not begun."
    ),
    "search_residents": strawberry.field(
        resolver=search, description="即時照会: look for one resident; nobody, one or several may be meant."
    ),
    "obtain_number": strawberry.field(
        resolver=obtain_number, description="個人番号の取得: into the vault, by the facts of a holder."
    ),
}
"""The office's verbs, by name."""


def shown(run: Run) -> ResidentRun:
    """A run as the API shows it."""
    return ResidentRun(id=strawberry.ID(str(run.id)), source=run)


def _glyphs(glyphs: Iterable[Glyph]) -> list[ResidentGlyph]:
    return [ResidentGlyph(**asdict(glyph)) for glyph in glyphs]


def _runs(info: Info[Any, Any]) -> ResidentRuns:
    return of(info).installation.residents.runs


async def _payload(act: Callable[[], Awaitable[Run | None]]) -> ResidentRunPayload:
    try:
        done = await act()
    except Refused as error:
        return ResidentRunPayload(run=None, user_errors=_errors(error))
    except NotFound as error:
        finding = Finding(("run_id",), error.ja, error.en, FindingCode.NOT_FOUND, "resident_run.unknown")
        return ResidentRunPayload(run=None, user_errors=[user_error(finding)])
    return ResidentRunPayload(run=shown(done) if done else None, user_errors=[])


def _errors(error: Refused | InvalidValue) -> list[UserError]:
    if isinstance(error, Refused):
        return [user_error(finding) for finding in error.findings]
    finding = Finding(("number",), error.ja, error.en, FindingCode.INVALID_VALUE, error.rule)
    return [user_error(finding)]


def _licence(info: Info[Any, Any], id: strawberry.ID) -> UUID:
    """The licence of an id; raises Refused for any other id."""
    key = of(info).ids.open(id)
    if key is None or key.kind is not NodeKind.LICENCE:
        raise Refused(refusals.no_licence())
    return key.id


def _uuid(id: str) -> UUID:
    """A run's id; raises NotFound for a text that is none."""
    try:
        return UUID(id)
    except ValueError:
        raise NotFound("run") from None
