"""The ten employees: whatever the manifest says of each is what our own checks come to; and the bad examples."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache
from pathlib import Path

import orjson
import pytest

from meibo import clock
from meibo.access.permissions import Role
from meibo.access.principals import Principal
from meibo.certificates.encoding import encode
from meibo.certificates.keys.certificates import new_key
from meibo.certificates.outcomes import Reason, State
from meibo.certificates.sdjwt.binding import Expected
from meibo.certificates.sdjwt.presenting import bind
from meibo.consent import Recipient, RedemptionOutcome, Redemptions
from meibo.demo.employees import files, making
from meibo.demo.employees.making import Made, make
from meibo.demo.employees.partner import register
from meibo.demo.employees.people import EMPLOYEES, Condition
from meibo.demo.employees.spoiling import Example, examples
from meibo.demo.keys import make_keys
from meibo.errors import OperatorError
from meibo.host import Host, load_host
from meibo.installation import Installation
from meibo.partners import PartnerState, PartnerVerb
from meibo.register.fold import State as Standing
from tests.core.register.doctors import Doctors
from tests.installed import Template, principal
from tests.postgres import PostgresDatabase, PostgresServer

AUDIENCE, NONCE = "https://hospital.example", "n-0S6_WzA2Mj"
SHARE_OF = {
    Standing.REGISTERED: "VALID",
    Standing.SUSPENDED: "SUSPENDED",
    Standing.REVOKED: "REVOKED",
    Standing.EXPIRED: "EXPIRED",
}


@pytest.fixture(scope="session")
def host() -> Host:
    """The employees' professions."""
    return load_host(only={"doctor", "careworker"})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, host: Host) -> Template:
    return Template(tmp_path_factory.mktemp("employees"), host)


@pytest.fixture(scope="session")
def shared_database(
    server_of: Callable[[str], PostgresServer],
) -> Iterator[Callable[[str], PostgresDatabase]]:
    """A database of its own on each PostgreSQL: one that knows other professions would refuse this host."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(server_of(name).database()))


@pytest.fixture
def demo(installation: Installation) -> Installation:
    """An installation that is a demo, with keys."""
    installation.facts["demo"] = "1"
    make_keys(installation.authority)
    return installation


async def certificate_states(demo: Installation, each: Made) -> tuple[str, str]:
    """What the certificate comes to as a presentation, and the QR code."""
    verifier = demo.authority.verifier()
    presentation = bind(each.certificate, each.key, audience=AUDIENCE, nonce=NONCE, at=clock.now())
    shown = await verifier.presentation(presentation, Expected(AUDIENCE, NONCE))
    return shown.state, (await verifier.qr(encode(each.qr).decode())).state


async def share_state(demo: Installation, each: Made) -> str:
    redemptions = Redemptions(demo.register, demo.scopes, demo.keys, demo.codes, demo.audit)
    told = await redemptions.redeem(each.token, Recipient(partner=None, name="link"))
    if told.outcome is RedemptionOutcome.NOT_AVAILABLE or told.standing is None:
        return "NOT_AVAILABLE"
    return SHARE_OF[told.standing]


async def reason_of(demo: Installation, example: Example, by: Made) -> tuple[State, Reason | None]:
    text = example.text
    if example.needs_binding:
        text = bind(text, by.key, audience=AUDIENCE, nonce=NONCE, at=clock.now())
    outcome = await demo.authority.verifier().presentation(text, Expected(AUDIENCE, NONCE))
    return outcome.state, outcome.reason


@pytest.mark.slow
async def test_each_comes_to_what_the_manifest_says(demo: Installation) -> None:
    made = await make(demo)
    assert [each.employee for each in made] == list(EMPLOYEES)
    for each in made:
        who = each.employee
        assert await certificate_states(demo, each) == (who.certificate,) * 2, who.condition
        assert await share_state(demo, each) == who.share, who.condition


@pytest.mark.slow
async def test_two_have_one_name_and_one_has_a_new_name(demo: Installation) -> None:
    made = {each.employee.condition: each for each in await make(demo)}
    one, other = made[Condition.VALID], made[Condition.SAME_NAME]
    assert (one.name, one.employee.sex, one.number == other.number) == (other.name, other.employee.sex, False)
    corrected = made[Condition.NAME_CORRECTED]
    assert (corrected.name, corrected.former is None) == ("手本　改子", False)
    former = bind(corrected.former or "", corrected.key, audience=AUDIENCE, nonce=NONCE, at=clock.now())
    outcome = await demo.authority.verifier().presentation(former, Expected(AUDIENCE, NONCE))
    assert (outcome.state, outcome.claims["full_name"]) == (State.REVOKED, "見本　改子")


@pytest.mark.slow
async def test_every_example_is_refused_for_its_own_reason(demo: Installation) -> None:
    made = await make(demo)
    listed = examples(demo.authority, made[0])
    found = {example.name: await reason_of(demo, example, made[0]) for example in listed}
    assert found == {example.name: (example.state, example.reason) for example in listed}
    assert [name for name, (state, _) in found.items() if state is State.VALID] == ["good"]


@pytest.mark.slow
async def test_a_demo_may_have_several_sets_of_ten(demo: Installation) -> None:
    numbers = [[each.number for each in await make(demo)] for _ in range(2)]
    assert (numbers[0][0], numbers[0][5], numbers[1][0], numbers[1][5]) == (
        "990001", "E990006", "990011", "E990016",
    )  # fmt: skip


async def test_employees_are_made_in_a_demo_alone(installation: Installation) -> None:
    doctors = Doctors(installation)
    before = await doctors.stored()
    with pytest.raises(OperatorError, match="no demo"):
        await make(installation)
    assert await doctors.stored() == before


@pytest.mark.slow
async def test_they_are_written_for_their_owner_alone(demo: Installation, tmp_path: Path) -> None:
    folder, made = tmp_path / "employees", await make(demo)
    files.prepare(folder)
    files.write(
        folder, made, examples(demo.authority, made[0]), share="https://a.example/share", check="https://a.example/check"
    )  # fmt: skip
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    told = orjson.loads((folder / "employees.json").read_bytes())
    assert told[5] == {
        "condition": "ended-by-date",
        "about": {"ja": "期限付登録の満了", "en": "The entry was for a term, which is over."},
        "name": "見本　期美",
        "profession": "careworker",
        "registrationNumber": "E990006",
        "share": "EXPIRED",
        "certificate": "REVOKED",
    }
    assert {path.name for path in (folder / "valid").iterdir()} == {
        "certificate.txt", "holder.jwk.json", "share.txt", "qr.txt", "qr.svg",
    }  # fmt: skip
    assert (folder / "valid" / "share.txt").read_text() == f"https://a.example/share#{made[0].token}\n"
    certificate, key = files.read(folder / "valid")
    assert (certificate, key.private_numbers()) == (made[0].certificate, made[0].key.private_numbers())
    [public] = orjson.loads((folder / "partner" / "jwks.json").read_bytes())["keys"]
    private = orjson.loads((folder / "partner" / "private.jwk.json").read_bytes())
    assert (public, "d" in public) == ({name: value for name, value in private.items() if name != "d"}, False)


async def test_a_partner_is_entered_by_one_and_approved_by_another(
    demo: Installation, tmp_path: Path
) -> None:
    (tmp_path / "jwks.json").write_bytes(orjson.dumps({"keys": [files.public_jwk(new_key())]}))
    made = await register(demo, "見本病院", tmp_path / "jwks.json")
    assert (made.name, made.state, made.may_call(clock.today())) == ("見本病院", PartnerState.APPROVED, True)
    acts = await demo.partners.actions(demo_reader(demo), made.id)
    assert [(act.verb, act.account) for act in acts] == [
        (PartnerVerb.APPLY, "demo-officer"), (PartnerVerb.APPROVE, "demo-administrator"),
    ]  # fmt: skip


async def test_a_partner_is_registered_at_once_in_a_demo_alone(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "jwks.json").write_bytes(orjson.dumps({"keys": [files.public_jwk(new_key())]}))
    with pytest.raises(OperatorError, match="no demo"):
        await register(installation, "見本病院", tmp_path / "jwks.json")
    assert await installation.partners.partners(demo_reader(installation)) == []


async def test_keys_that_are_no_json_are_refused(demo: Installation, tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_text("no")
    with pytest.raises(OperatorError, match="no JSON"):
        await register(demo, "見本病院", tmp_path / "jwks.json")


def demo_reader(installation: Installation) -> Principal:
    """Somebody who may look at partners."""
    return principal(Role.OFFICER, set(installation.host.professions))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("")
    with pytest.raises(OperatorError, match="not empty"):
        files.prepare(tmp_path)
    with pytest.raises(OperatorError, match=r"certificate\.txt"):
        files.read(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_terms_end_on_the_last_31_march() -> None:
    assert [making._term_over(date(2026, month, day)) for month, day in ((3, 31), (4, 1), (1, 1))] == [
        date(2025, 3, 31), date(2026, 3, 31), date(2025, 3, 31),
    ]  # fmt: skip
