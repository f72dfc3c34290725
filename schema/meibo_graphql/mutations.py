"""The office's verbs as mutations. `register` and `correct` carry items, so each profession has its own; the others
exist once. A refusal is data (`userErrors`), a missing permission an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry.types import Info

from meibo.access.permissions import Permission
from meibo.errors import (
    Finding,
    FindingCode,
    InvalidValue,
    MeiboError,
    NotFound,
    NumberDestroyed,
    Refused,
    StaleVersion,
)
from meibo.identity import NumberKind, VerifiedBy
from meibo.professions.compiled import Profession
from meibo.register.fold import Verb
from meibo.register.tables import stored
from meibo.register.validation import Raw
from meibo.registry import refusals
from meibo.registry.requests import ActRequest, Outcome
from meibo.registry.views import Head
from meibo.values.pseudonyms import LicencePseudonym
from meibo_graphql import checking, connectors, exchange, family, jobs, partners, residents, types
from meibo_graphql.context import of
from meibo_graphql.forms import ITEM_VERBS, input_name
from meibo_graphql.groups import Fields, TypeRegistry, group_input, handed_in, owner_of, type_name
from meibo_graphql.ids import NodeKind
from meibo_graphql.inputs import (
    DispositionActInput,
    EnrolNumberInput,
    EnrolNumberPayload,
    LicenceActInput,
    LicencePayload,
    ReprimandLicenceInput,
    RevealNumberInput,
    RevealNumberPayload,
    RevokeLicenceInput,
    SuspendLicenceInput,
)
from meibo_graphql.licences import Licence
from meibo_graphql.portal_links import link_portal, unlink_portal
from meibo_graphql.types import user_error


def mutation_fields(registry: TypeRegistry, professions: Mapping[str, Profession]) -> dict[str, Any]:
    """Every mutation of the registry, by name."""
    fields = Fields()
    for profession in professions.values():
        for verb in ITEM_VERBS:
            name = f"{verb}_{profession.code}_licence"
            fields[name] = strawberry.field(
                resolver=_item_verb(registry, profession, verb), description=_ITEM_TEXT[verb]
            )
    for verb, (name, taken, text) in _ACTS.items():
        fields[name] = strawberry.field(resolver=_act_verb(verb, taken), description=text)
    fields["enrol_number"] = strawberry.field(
        resolver=enrol_number, description="Give a number to the vault."
    )
    fields["link_portal"] = strawberry.field(
        resolver=link_portal, description="Let the holder see the licence at the portal."
    )
    fields["unlink_portal"] = strawberry.field(resolver=unlink_portal, description="End that.")
    for name, field in ((name, each.MUTATIONS[name]) for each in SUBJECTS for name in each.MUTATIONS):
        fields[name] = field
    fields["reveal_number"] = strawberry.field(resolver=reveal_number, description="See a number.")
    return fields


SUBJECTS = (partners, residents, family, connectors, checking, exchange, jobs)
"""The modules that bring verbs of their own."""
_ITEM_TEXT = {
    Verb.REGISTER: "新規登録: enter a new licence.",
    Verb.CORRECT: "籍（名簿）訂正: correct items. Left out = unchanged, null = cleared.",
}
_ACTS: Mapping[Verb, tuple[str, Any, str]] = {
    Verb.REISSUE: (
        "reissue_licence", LicenceActInput, "再交付: note that the certificate was issued again.",
    ),
    Verb.REPRIMAND: ("reprimand_licence", ReprimandLicenceInput, "戒告: reprimand the holder."),
    Verb.SUSPEND: ("suspend_licence", SuspendLicenceInput, "業務停止: suspend for a time."),
    Verb.LIFT_SUSPENSION: (
        "lift_suspension", DispositionActInput, "停止解除: end a suspension before its last day.",
    ),
    Verb.REVOKE: ("revoke_licence", RevokeLicenceInput, "免許取消: revoke."),
    Verb.RESTORE: ("restore_licence", LicenceActInput, "再免許: give a revoked licence back."),
    Verb.ORDER_REEDUCATION: (
        "order_reeducation", DispositionActInput, "再教育研修命令: order re-education after a measure.",
    ),
    Verb.COMPLETE_REEDUCATION: (
        "complete_reeducation", DispositionActInput, "再教育研修修了登録: note that it was completed.",
    ),
    Verb.STRIKE_OFF: ("strike_off_licence", LicenceActInput, "まっ消: strike the entry off. It is kept."),
    Verb.UNDO_STRIKE_OFF: ("undo_strike_off", LicenceActInput, "消除取消: undo a striking off."),
}  # fmt: skip
"""The verbs that exist once: name, input, description."""


def _item_input(registry: TypeRegistry, profession: Profession, verb: Verb) -> Any:
    """`RegisterDoctorLicenceInput`, `CorrectDoctorLicenceInput`: one input for each group, shared by both."""

    def make(name: str) -> type:
        annotations: dict[str, Any] = {
            "idempotency_key": strawberry.ID,
            "effective_date": date,
            "reason": str,
            "legal_basis": strawberry.ID,
        }
        if verb is Verb.CORRECT:
            annotations |= {"licence_id": strawberry.ID, "expected_version": int, "delay_reason": str | None}
        elif profession.keeps_numbers:
            annotations |= {"individual_number": str | None, "verified_by": VerifiedBy | None}
        annotations |= {"reason_text": str | None, "validate_only": bool}
        for spec in profession.content_groups:
            if stored(spec):
                made: Any = registry.once(
                    f"{type_name(profession, spec)}Input",
                    owner_of(profession, spec),
                    group_input(profession, spec),
                )
                annotations[spec.key] = (list[made] if spec.repeats else made) | None
        optional = {
            n: strawberry.UNSET if n in profession.groups else None
            for n, kind in annotations.items()
            if kind not in (strawberry.ID, str, date, int, bool)
        }
        body = {"__annotations__": annotations, "__module__": __name__, **optional, "validate_only": False}
        return strawberry.input(type(name, (), body), description=_ITEM_TEXT[verb])

    return registry.once(input_name(verb, profession), profession.code, make)


def _item_verb(registry: TypeRegistry, profession: Profession, verb: Verb) -> Callable[..., Any]:
    async def resolve(info: Info[Any, Any], input: Any) -> LicencePayload:
        request = _request(info, input, dict(_values(profession, input)))
        office, principal = of(info).installation.office, of(info).principal
        if verb is Verb.REGISTER:
            return await _payload(info, input, lambda: office.register(principal, profession.code, request))
        return await _payload(info, input, lambda: office.act(principal, verb, request, profession.code))

    resolve.__annotations__ |= {"input": _item_input(registry, profession, verb)}
    return resolve


def _values(profession: Profession, input: Any) -> Iterator[tuple[str, Any]]:
    """The groups of an input as raw values; what was left out is left out, and a list that is null is emptied."""
    for spec in profession.content_groups:
        given = getattr(input, spec.key, strawberry.UNSET)
        if spec.repeats and given is not strawberry.UNSET:
            yield spec.key, [handed_in(row) for row in given or ()]
        elif given:
            yield spec.key, handed_in(given)


def _act_verb(verb: Verb, taken: Any) -> Callable[..., Any]:
    async def resolve(info: Info[Any, Any], input: Any) -> LicencePayload:
        request = _request(info, input)
        return await _payload(
            info, input, lambda: of(info).installation.office.act(of(info).principal, verb, request)
        )

    resolve.__annotations__ |= {"input": taken}
    return resolve


async def enrol_number(info: Info[Any, Any], input: EnrolNumberInput) -> EnrolNumberPayload:
    """Enrol a number in the licence's register file."""
    await of(info).demand(Permission.NUMBER_ENROL, "enrol_number")
    try:
        head = await _licence(info, input.licence_id)
        kind, file = NumberKind(input.kind.value), of(info).installation.host[head.profession].file
        if await of(info).installation.erasures.forgotten(head.profession, head.id):
            raise Refused(refusals.number_forgotten())
        identity = of(info).installation.identity
        await identity.enrol_for(
            of(info).principal,
            profession=head.profession,
            file=file,
            pseudonym=_pseudonym(head),
            numbers={kind: input.number},
            verified_by=input.verified_by,
            operation="enrol_number",
        )
        of(info).forget()
        status = await of(info).numbers(kind).load(head)
        shown = types.NumberStatus(held=status.held, destroyed_at=status.destroyed_at)
        return EnrolNumberPayload(status=shown, user_errors=[])
    except (Refused, InvalidValue) as error:
        await _record_refusal(info, "enrol_number", error)
        return EnrolNumberPayload(status=None, user_errors=_user_errors(error, input))


async def reveal_number(info: Info[Any, Any], input: RevealNumberInput) -> RevealNumberPayload:
    """Reveal a number to a caller who may, for a purpose, on a legal basis."""
    await of(info).demand(Permission.NUMBER_REVEAL, "reveal_number")
    try:
        head = await _licence(info, input.licence_id)
        profession = of(info).installation.host[head.profession]
        if not any(basis.id == input.legal_basis for basis in profession.plugin.legal_bases):
            raise Refused(_unknown_basis())
        number = await of(info).installation.identity.reveal(
            of(info).principal,
            profession=head.profession,
            file=profession.file,
            pseudonym=_pseudonym(head),
            kind=NumberKind(input.kind.value),
            purpose=input.purpose,
            legal_basis=input.legal_basis,
            operation="reveal_number",
        )
        return RevealNumberPayload(number=number, user_errors=[])
    except (Refused, NotFound, NumberDestroyed) as error:
        if isinstance(error, Refused):  # The vault's own answers stand in their REVEAL leaf.
            await _record_refusal(info, "reveal_number", error)
        return RevealNumberPayload(number=None, user_errors=_user_errors(error, input))


async def _record_refusal(info: Info[Any, Any], operation: str, error: MeiboError) -> None:
    """A refusal is recorded before it is told."""
    await of(info).installation.guard.refused(of(info).principal, operation, None, error.code)


def _pseudonym(head: Head) -> LicencePseudonym:
    return LicencePseudonym(head.pseudonym)


async def _licence(info: Info[Any, Any], id: strawberry.ID) -> Head:
    key = of(info).ids.open(id)
    head = await of(info).heads.load(key.id) if key and key.kind is NodeKind.LICENCE else None
    if head is None:
        raise Refused(refusals.no_licence())
    return head


def _request(info: Info[Any, Any], input: Any, values: Raw | None = None) -> ActRequest:
    """An input of any verb as the office takes it."""
    licence, disposition = _named(info, input)
    number = getattr(input, "individual_number", None)
    return ActRequest(
        idempotency_key=input.idempotency_key,
        effective_date=getattr(input, "ordered_date", None) or input.effective_date,
        reason=input.reason,
        legal_basis=input.legal_basis,
        licence=licence,
        expected_version=getattr(input, "expected_version", None),
        reason_text=getattr(input, "reason_text", None) or "",
        delay_reason=getattr(input, "delay_reason", None) or "",
        validate_only=input.validate_only,
        values=values or {},
        kind=getattr(input, "kind", ""),
        office_name=getattr(input, "office_name", ""),
        office_code=getattr(input, "office_code", None) or "",
        order_number=getattr(input, "order_number", ""),
        start_date=getattr(input, "start_date", None),
        disposition=disposition,
        end_date=getattr(input, "end_date", None),
        numbers={NumberKind.INDIVIDUAL_NUMBER: number} if number else {},
        verified_by=getattr(input, "verified_by", None),
    )


def _named(info: Info[Any, Any], input: Any) -> tuple[UUID | None, UUID | None]:
    """(licence, disposition) that an input names; a disposition's id names its licence too."""
    key = of(info).ids.open(getattr(input, "disposition_id", "") or getattr(input, "licence_id", ""))
    if hasattr(input, "disposition_id"):
        return (key.part, key.id) if key and key.kind is NodeKind.DISPOSITION else (None, None)
    return (key.id if key and key.kind is NodeKind.LICENCE else None), None


async def _payload(info: Info[Any, Any], input: Any, act: Callable[[], Awaitable[Outcome]]) -> LicencePayload:
    """Do it, and show the licence as it is now: also after STALE_VERSION, so that the caller sees what changed."""
    try:
        outcome = await act()
    except (Refused, InvalidValue) as error:
        licence, _ = _named(info, input)
        head = await of(info).heads.load(licence) if licence and isinstance(error, StaleVersion) else None
        return LicencePayload(licence=shown_as(head), action=None, user_errors=_user_errors(error, input))
    of(info).forget()
    if outcome.licence is None or outcome.action is None:
        return LicencePayload(licence=None, action=None, user_errors=[])
    head = await of(info).heads.load(outcome.licence)
    action = await of(info).reader.action(head, outcome.action) if head else None
    sealed = of(info).ids.seal(NodeKind.ACTION, outcome.action, outcome.licence)
    shown = types.action_of(sealed, action) if action else None
    return LicencePayload(licence=shown_as(head), action=shown, user_errors=[])


def shown_as(head: Head | None) -> Licence | None:
    """A head where the API says `Licence`: its type's resolvers read the head itself."""
    return cast("Licence | None", head)


def _user_errors(error: MeiboError, input: Any) -> list[types.UserError]:
    """Why it was refused; every path walks the input that the caller sent."""
    if isinstance(error, Refused):
        return [user_error(_at_input(finding, input)) for finding in error.findings]
    invalid = isinstance(error, InvalidValue)
    path, code = ("number", FindingCode.INVALID_VALUE) if invalid else ("licence_id", FindingCode.NOT_FOUND)
    finding = Finding((path,), error.ja, error.en, code, getattr(error, "rule", error.code))
    return [user_error(_at_input(finding, input))]


def _at_input(finding: Finding, input: Any) -> Finding:
    """A finding whose path has the names of this input: a measure's effective day is its orderedDate."""
    path = (finding.path,) if isinstance(finding.path, str) else finding.path
    named = next((n for n in _NAMED_OTHERWISE.get("".join(path[:1]), ()) if hasattr(input, n)), None)
    return replace(finding, path=(named, *path[1:])) if named else finding


_NAMED_OTHERWISE = {
    "number": ("individual_number",),
    "numbers": ("individual_number", "number"),
    "pseudonym": ("individual_number", "number"),  # One number has one licence in a register.
    "effective_date": ("ordered_date",),
    "licence_id": ("disposition_id",),
    "disposition": ("disposition_id",),
}


def _unknown_basis() -> Finding:
    return Finding(
        ("legal_basis",),
        "根拠法令を指定してください。",
        "Name a legal basis of this profession.",
        FindingCode.INVALID_VALUE,
        "act.legal_basis",
    )
