"""Enters the employees, gives each a certificate, a QR code and a share, and then lets their condition come about."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from meibo import clock
from meibo.access.permissions import ROLES, Role
from meibo.access.principals import Principal
from meibo.access.tokens import command_principal
from meibo.certificates.claims import Claims
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.keys.signers import jwk
from meibo.consent import CURRENT_TEXT, Purpose, Recipient, Redemptions, Share, ShareRequest
from meibo.demo.employees.people import CORRECTED_NAME, EMPLOYEES, FAMILY_NAME, Condition, Employee
from meibo.errors import OperatorError
from meibo.identity import VerifiedBy
from meibo.installation import Installation
from meibo.portal import Holder, Portal, portal_of
from meibo.register.fold import Verb
from meibo.registry.claims import certificate_claims, claim_groups, payload
from meibo.registry.reader import Reader
from meibo.registry.requests import ActRequest
from meibo.registry.views import Head
from meibo.values.pseudonyms import LicencePseudonym, new_portal_pseudonym

DAY = timedelta(days=1)
FIRST_NUMBER, SERIES = 990_000, 100
"""Where the employees' register numbers begin, and how many sets of employees a demo may have."""
QR_LIFETIME = timedelta(days=80)
QR_CLAIMS = ("full_name",)
"""What a code of version 15 has room for beside any profession's type."""
USES = 20
"""How often a share may be redeemed that is not used up."""
A_MOMENT = timedelta(seconds=1)
CODES = {Verb.REGISTER: "101", Verb.CORRECT: "201", Verb.SUSPEND: "703", Verb.REVOKE: "703"}
"""The reasons of acts."""
MEASURE = {"office_name": "厚生労働大臣", "order_number": "見本第1号"}
OF_DOCTORS = {
    "licence_type_code": "01",
    "received_date": "2015-03-20",
    "national_exam_year": "2015",
    "national_exam_pass_date": "2015-03-18",
    "domicile_code": "13",
    "birth_date": "1989-05-06",
}
OF_CAREWORKERS = {
    "domicile_code": "13",
    "birth_date_era": "H",
    "birth_date_wareki": "090115",
    "fixed_term_registration": "true",
    "training_facility_code": "000001",
}


@dataclass(frozen=True, slots=True)
class Made:
    """An employee with what a partner may be shown. Whoever has `key` or `token` is that person to a partner."""

    employee: Employee
    licence: UUID
    number: str
    name: str = field(repr=False)
    certificate: str = field(repr=False)
    key: EllipticCurvePrivateKey = field(repr=False)
    qr: bytes = field(repr=False)
    token: str = field(repr=False)
    former: str | None = field(repr=False, default=None)
    """The certificate of before the name was corrected."""


async def make(installation: Installation) -> list[Made]:
    """Ten employees more in a demo; raises OperatorError where it is none, or lacks their professions."""
    if not installation.is_demo:
        raise OperatorError(
            "This is no demo: employees are made where everything is synthetic (`meibo demo`)."
        )
    missing = {each.profession for each in EMPLOYEES} - installation.host.professions.keys()
    if missing:
        raise OperatorError(f"The employees' professions are not installed: {', '.join(sorted(missing))}.")
    maker = Maker(installation)
    series = await maker.series()
    made = [await maker.make(employee, f"{series + n}") for n, employee in enumerate(EMPLOYEES, 1)]
    await installation.authority.publisher.publish_due()
    await installation.authority.publisher.publish_documents()
    return made


class Maker:
    """Makes employees as office, holder and partner would."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        operator = command_principal("demo", installation.host.professions)
        self.officer: Principal = replace(operator, permissions=ROLES[Role.OFFICER])
        self.portal: Portal = portal_of(installation)

    async def series(self) -> int:
        """Where the next ten numbers begin."""
        for series in range(FIRST_NUMBER, FIRST_NUMBER + 10 * SERIES, 10):
            if await self._reader().find_id(number=("doctor", str(series + 1))) is None:
                return series
        raise OperatorError(f"This demo has {SERIES} sets of employees: start another.")

    async def make(self, employee: Employee, number: str) -> Made:
        """One employee: entered, certified, sharing, and then in the condition."""
        if employee.profession == "careworker":
            number = f"E{number}"
        licence = await self._enter(employee, number)
        head = await self._head(licence)
        holder = await self._sign_in(head)
        key = new_key()
        certificate, name = await self._certificate(head, key)
        qr = await self._qr(head)
        share, token = await self._share(holder, head, employee)
        made = Made(employee, licence, number, name, certificate, key, qr, token)
        return await self._bring_about(made, holder, head, share)

    async def _bring_about(self, made: Made, holder: Holder, head: Head, share: Share) -> Made:
        """What the employee's condition says happened since."""
        today, licence = clock.today(), made.licence
        match made.employee.condition:
            case Condition.SUSPENDED_TOMORROW:
                await self._suspend(licence, today + DAY)
            case Condition.SUSPENDED:
                await self._suspend(licence, today)
            case Condition.REVOKED:
                await self._act(Verb.REVOKE, licence, kind="03", **MEASURE)
            case Condition.ENDED_BY_DATE:
                await self._act(Verb.CORRECT, licence, values={"register": _term(_term_over(today))})
            case Condition.SHARE_WITHDRAWN:
                acting = holder.acting(head.profession)
                await self.portal.consents.withdraw(acting, head, share.id, CURRENT_TEXT.version, "ja")
            case Condition.SHARE_USED_UP:
                await self._use(made.token)
            case Condition.SHARE_EXPIRED:
                await asyncio.sleep(A_MOMENT.total_seconds())
            case Condition.NAME_CORRECTED:
                return await self._correct_name(made)
        return made

    async def _correct_name(self, made: Made) -> Made:
        changed = {"family_name": CORRECTED_NAME[0], "family_name_kana": CORRECTED_NAME[1]}
        await self._act(Verb.CORRECT, made.licence, values={"register": changed}, delay_reason="見本のため")
        head = await self._head(made.licence)
        certificate, name = await self._certificate(head, made.key)
        return replace(
            made, certificate=certificate, name=name, qr=await self._qr(head), former=made.certificate
        )

    async def _enter(self, employee: Employee, number: str) -> UUID:
        registered = employee.registered
        values: dict[str, Any] = {
            "registration_number": number,
            "family_name": FAMILY_NAME[0], "family_name_kana": FAMILY_NAME[1],
            "given_name": employee.given_name[0], "given_name_kana": employee.given_name[1],
        }  # fmt: skip
        if employee.profession == "careworker":
            values |= OF_CAREWORKERS | {
                "sex": employee.sex,
                "registration_date_wareki": registered.isoformat(),
            }
            values |= _term(_term_over(clock.today()).replace(year=_term_over(clock.today()).year + 1))
        else:
            values |= OF_DOCTORS | {"sex_code": employee.sex, "registration_date": registered.isoformat()}
        request = self._asking(Verb.REGISTER, registered, values={"register": values})
        made = await self.installation.office.register(self.officer, employee.profession, request)
        assert made.licence is not None  # It is only validated where that is asked for.
        return made.licence

    async def _sign_in(self, head: Head) -> Holder:
        """The employee, linked to a portal pseudonym as an office links whom it has identified."""
        portal = new_portal_pseudonym()
        await self.installation.identity.link_portal(
            self.officer, profession=head.profession, file=self.installation.host[head.profession].file,
            pseudonym=LicencePseudonym(head.pseudonym), portal=portal, verified_by=VerifiedBy.MY_NUMBER_CARD,
        )  # fmt: skip
        return Holder(portal, tuple(await self.portal.links.licences(portal)))

    async def _certificate(self, head: Head, key: EllipticCurvePrivateKey) -> tuple[str, str]:
        """A certificate bound to the key, and the name that it shows."""
        profession, claims = self.installation.host[head.profession], await self._claims(head)
        [issued] = await self.installation.authority.issue(
            self._scope(head), profession, head.id, claims, [jwk(key.public_key())]
        )
        return issued, str(claims.values["full_name"])

    async def _qr(self, head: Head) -> bytes:
        claims = (await self._claims(head)).only(QR_CLAIMS)
        profession = self.installation.host[head.profession]
        return await self.installation.authority.issue_qr(
            self._scope(head), profession, head.id, claims, QR_LIFETIME
        )

    async def _claims(self, head: Head) -> Claims:
        profession, reader = self.installation.host[head.profession], self._reader()
        [current] = await reader.heads([head.id])
        assert current is not None
        assert profession.plugin.certificate is not None
        groups = {key: (await reader.groups(key, [current]))[0] for key in claim_groups(profession)}
        await reader.log.write()
        values, disclosable = payload(certificate_claims(profession, current, groups, reader.codes))
        return Claims.of(profession.plugin.certificate.type, values, disclosable)

    async def _share(self, holder: Holder, head: Head, employee: Employee) -> tuple[Share, str]:
        """A share of everything that the certificate shows, with whoever has the link."""
        condition, at = employee.condition, clock.now()
        offered: Sequence[str] = tuple((await self._claims(head)).values)
        request = ShareRequest(
            licence=head.id, claims=offered, purpose=Purpose.EMPLOYMENT, recipient=None,
            expires_at=at + (A_MOMENT if condition is Condition.SHARE_EXPIRED else 30 * DAY),
            uses=1 if condition is Condition.SHARE_USED_UP else USES, text_version=CURRENT_TEXT.version,
            language="ja",
        )  # fmt: skip
        return await self.portal.consents.share(holder.acting(head.profession), head, request, offered)

    async def _use(self, token: str) -> None:
        given = self.portal
        redemptions = Redemptions(
            self.installation.register, given.scopes, given.keys, given.codes, given.audit
        )
        await redemptions.redeem(token, Recipient(partner=None, name="見本"))

    async def _suspend(self, licence: UUID, start: date) -> None:
        span = {"start_date": start, "end_date": start + 90 * DAY}
        await self._act(Verb.SUSPEND, licence, kind="02", **MEASURE, **span)

    async def _act(self, verb: Verb, licence: UUID, **more: Any) -> None:
        told = {"licence": licence, "expected_version": (await self._head(licence)).version, **more}
        await self.installation.office.act(self.officer, verb, self._asking(verb, clock.today(), **told))

    def _asking(self, verb: Verb, day: date, **more: Any) -> ActRequest:
        return ActRequest(
            idempotency_key=str(uuid4()), effective_date=day, reason=CODES[verb], legal_basis=verb.value,
            **more,
        )  # fmt: skip

    async def _head(self, licence: UUID) -> Head:
        [head] = await self._reader().heads([licence])
        assert head is not None  # It was entered just now.
        return head

    def _reader(self) -> Reader:
        return self.installation.reader(self.officer, "demo")

    def _scope(self, head: Head) -> int:
        return self.installation.scopes.of(head.profession)


def _term_over(today: date) -> date:
    """The last 31 March before today: terms end on one."""
    this_year = today.replace(month=3, day=31)
    return this_year if this_year < today else this_year.replace(year=today.year - 1)


def _term(until: date) -> Mapping[str, str]:
    return {"expiry_date_wareki": until.isoformat()}
