"""Who sees what, and with how many statements."""

from __future__ import annotations

from collections.abc import Sequence

from meibo.access.permissions import Role
from meibo.installation import Installation
from meibo.items.declaration import Privacy
from meibo.professions.certificates import ClaimSpec
from meibo.register.fold import State
from meibo.register.tables import stored
from meibo.registry.claims import ClaimView, certificate_claims, claim_groups, payload
from meibo.registry.reader import Reader
from meibo.registry.views import GroupView, Head
from meibo.testing.findings import Finding, at
from meibo.testing.stores import caller, heads, opened, statements
from meibo.testing.subjects import HOLDERS, Subject

FEW = 5


async def masking(subject: Subject) -> list[Finding]:
    """A viewer sees no personal item of anybody."""
    found: dict[tuple[str, str], Finding] = {}
    async with opened(subject) as installation:
        reader = installation.reader(caller(subject, Role.VIEWER), "check")
        nodes = await heads(subject, reader, HOLDERS)
        for spec in subject.profession.content_groups:
            for view in await _views(subject, reader, spec.key, nodes):
                seen = {name for name, value in view.values.items() if value is not None}
                masked = {each.item for each in view.redacted}
                for item in spec.items.values():
                    hidden = item.name in masked and item.name not in seen
                    if item.privacy is not Privacy.PUBLIC and not hidden:
                        place = subject.sources.item(spec.type, item.name)
                        what = f"a viewer sees the personal item {spec.key}.{item.name}"
                        found[spec.key, item.name] = at(place, what, "report it: masking is core's")
    return list(found.values())


async def scope(subject: Subject) -> list[Finding]:
    """Whoever has not this profession in scope is told of no licence."""
    async with opened(subject) as installation:
        inside = await heads(subject, installation.reader(caller(subject), "check"), FEW)
        outside = installation.reader(caller(subject, inside=False), "check")
        told = await outside.heads([head.id for head in inside])
        named = [await outside.find_id(pseudonym=head.pseudonym) for head in inside]
    if not any(told) and not any(named) and inside:
        return []
    what = "somebody out of scope is told of licences" if inside else "no licence can be read"
    return [at(subject.sources.declaration, what, "report it: scope is core's")]


async def claims(subject: Subject) -> list[Finding]:
    """A certificate can be made of every holder's claims, and a viewer is shown no personal one."""
    found: dict[str, Finding] = {}
    async with opened(subject) as installation:
        for head, views in await _claims(subject, installation, Role.OFFICER):
            shown, _ = payload(views)
            for spec in subject.profession.claims:
                if head.state is State.REGISTERED and not spec.disclosable and spec.name not in shown:
                    what = (
                        f"the claim {spec.name} is always shown, and a synthetic holder has no value for it"
                    )
                    place = subject.sources.named("Claim", spec.name)
                    found[spec.name] = at(place, what, "let the holder leave it out, or name another item")
        for _, views in await _claims(subject, installation, Role.VIEWER):
            for view in views:
                if view.value is not None and _is_personal(subject, view.spec):
                    place = subject.sources.named("Claim", view.spec.name)
                    what = f"a viewer sees the personal claim {view.spec.name}"
                    found[view.spec.name] = at(place, what, "report it: masking is core's")
    return list(found.values())


async def _claims(
    subject: Subject, installation: Installation, role: Role
) -> list[tuple[Head, Sequence[ClaimView]]]:
    """The claims of every synthetic holder, as a role sees them."""
    reader, profession = installation.reader(caller(subject, role), "check"), subject.profession
    nodes = await heads(subject, reader, HOLDERS)
    groups = {key: await reader.groups(key, nodes) for key in claim_groups(profession)}
    return [
        (head, certificate_claims(profession, head, {k: v[n] for k, v in groups.items()}, installation.codes))
        for n, head in enumerate(nodes)
    ]


def _is_personal(subject: Subject, spec: ClaimSpec) -> bool:
    items = filter(None, map(subject.profession.item, spec.paths))
    return any(item.privacy is not Privacy.PUBLIC for item in items)


async def statement_count(subject: Subject) -> list[Finding]:
    """A page of 25 holders takes as many statements as one of 5."""
    asked: list[int] = []
    async with opened(subject) as installation:
        for first in (FEW, HOLDERS):
            reader = installation.reader(caller(subject), "check")
            with statements(installation) as told:
                nodes = await heads(subject, reader, first)
                for spec in subject.profession.content_groups:
                    await _views(subject, reader, spec.key, nodes)
                for spec in subject.profession.reply_groups:
                    await reader.replies(spec.key, nodes)
            asked.append(len(told))
    if asked[0] == asked[1]:
        return []
    what = f"a page of {FEW} takes {asked[0]} statements and one of {HOLDERS} takes {asked[1]}"
    return [at(subject.sources.declaration, what, "report it: pages are core's")]


async def _views(subject: Subject, reader: Reader, key: str, nodes: Sequence[Head]) -> list[GroupView]:
    return await reader.groups(key, nodes) if stored(subject.profession.groups[key]) else []


CHECKS = (masking, scope, claims, statement_count)
