"""What a profession's certificate shows: claims, each an item or a fact that core tells of every licence.

`Certificate` and `Claim` are what a plugin declares; `ClaimSpec` is what everything else works with: labels, items
and obligations found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meibo.items.declaration import Cardinality, Privacy
from meibo.items.kinds import CodesKind, EraKind, FileKind, InstantKind, Kind, NumberKind, PseudonymKind
from meibo.items.texts import Texts

if TYPE_CHECKING:
    from meibo.professions.compiled import Profession
    from meibo.professions.plugin import ProfessionPlugin


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a certificate: of an item, with its labels where none are given; where no item is named, the fact
    of that name (`FACTS`). `disclosable` says that the holder may leave it out when showing the certificate."""

    name: str
    item: str = ""
    disclosable: bool = True
    label: Texts | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a digital certificate shows: its type (a URN that names its version), and claims in order."""

    type: str
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What core tells of a licence in every register under one name: its labels, and the items that it is read from."""

    label: Texts
    paths: Callable[[ProfessionPlugin], Sequence[str]]


FACTS: Mapping[str, Fact] = {
    "profession": Fact(("資格", "Profession"), lambda _: ()),
    "full_name": Fact(("氏名", "Full name"), lambda p: (p.holder.family_name, p.holder.given_name)),
    "full_name_kana": Fact(
        ("フリガナ", "Full name (kana)"), lambda p: (p.holder.family_name_kana, p.holder.given_name_kana)
    ),
    "birth_date": Fact(("生年月日", "Date of birth"), lambda p: (p.holder.birth_date,)),
    "registration_number": Fact(("登録番号", "Registration number"), lambda p: (p.number,)),
    "registration_date": Fact(("登録年月日", "Date of registration"), lambda p: (p.registered,)),
}
"""The facts by claim; a name of several parts is joined by a full-width blank, those that are missing left out."""
PROFESSION = "profession"
"""The fact that is read from no item: the profession's code and name."""


@dataclass(frozen=True, slots=True)
class ClaimSpec:
    """A claim as core uses it: the items that it is read from (none for the profession), and its labels."""

    name: str
    paths: tuple[str, ...]
    label: Texts
    disclosable: bool


def claims_of(profession: Profession) -> tuple[ClaimSpec, ...]:
    """The claims of a profession's certificate in order; none where it declares no certificate."""
    declared = profession.plugin.certificate
    return tuple(_spec(profession, claim) for claim in declared.claims) if declared else ()


def _spec(profession: Profession, claim: Claim) -> ClaimSpec:
    paths = tuple(path for path in _paths(profession, claim) if profession.item(path))
    return ClaimSpec(claim.name, paths, claim.label or _label(profession, claim), claim.disclosable)


def _paths(profession: Profession, claim: Claim) -> Sequence[str]:
    return (claim.item,) if claim.item else FACTS[claim.name].paths(profession.plugin)


def _label(profession: Profession, claim: Claim) -> Texts:
    item = profession.item(claim.item)
    return (item.label, item.en) if item else FACTS[claim.name].label


NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*\Z")
STANDARD = frozenset({"aud", "cnf", "exp", "iat", "iss", "jti", "nbf", "nonce", "status", "sub", "vct"})
"""What the formats call their own claims (RFC 7519, SD-JWT VC): a claim of that name would say something else."""
NEVER: tuple[type[Kind], ...] = (CodesKind, EraKind, FileKind, InstantKind, NumberKind, PseudonymKind)
"""Kinds that no certificate shows: a number or a pseudonym would join what is kept apart, the rest is no one value."""


def broken_claims(profession: Profession) -> Iterator[str]:
    """A sentence for each claim that no certificate could show. That its item exists has been seen before."""
    code, declared = profession.code, profession.plugin.certificate
    for claim in declared.claims if declared else ():
        if not NAME.match(claim.name):
            yield f"The claim {claim.name!r} of {code!r} is not snake_case: rename it, such as family_name."
        elif claim.name in STANDARD:
            yield f"The claim {claim.name!r} of {code!r} has a meaning of its own in certificates: rename it."
        elif claim.item:
            yield from _broken_item(profession, claim)
        elif claim.name not in FACTS:
            yield (
                f"The claim {claim.name!r} of {code!r} names no item, and core tells no such fact"
                f" ({', '.join(FACTS)}): give item=…"
            )
        elif claim.name != PROFESSION and not any(map(profession.item, _paths(profession, claim))):
            yield f"The claim {claim.name!r} of {code!r} is read from no item: say in holder=… where it stands."


def _broken_item(profession: Profession, claim: Claim) -> Iterator[str]:
    item, group = profession.item(claim.item), profession.groups.get(claim.item.partition(".")[0])
    if item and (isinstance(item.kind, NEVER) or item.privacy is Privacy.SENSITIVE):
        yield (
            f"The claim {claim.name!r} of {profession.code!r} would show {claim.item!r}, which no certificate shows"
            f" ({item.kind.name}, {item.privacy}): leave it out."
        )
    elif item and group and group.cardinality is not Cardinality.ONE:
        yield (
            f"The claim {claim.name!r} of {profession.code!r} is taken from {claim.item!r}, which does not stand"
            " once in a licence: name an item that does."
        )
