"""QR certificates: small enough, read back by other software from the picture, and every defect refused."""

from __future__ import annotations

import io

import cbor2
import pytest
import segno
import zxingcpp
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from meibo.certificates.claims import Claims
from meibo.certificates.encoding import encode
from meibo.certificates.outcomes import State
from meibo.certificates.qr.issuing import VERSION, fits, link, picture
from meibo.certificates.status.lists import SIZE
from meibo.certificates.status.references import StatusReference
from meibo.certificates.trust import documents
from tests.core.certificates.cases import trust_lists
from tests.core.certificates.cases.qr_codes import REFUSED
from tests.core.certificates.world import ISS, PAGE, TYPE, World

LISTS = "https://meibo.example/status/"
CLAIMS = {"full_name": "厚労 花子", "registration_number": "123456"}


async def test_a_good_certificate_is_valid_with_what_it_says(world: World) -> None:
    outcome = await world.verifier().qr(link(PAGE, world.qr_message()))

    assert (outcome.state, outcome.reason) == (State.VALID, None)
    assert outcome.claims == CLAIMS
    assert (outcome.issuer, outcome.type) == (ISS, TYPE)
    assert outcome.status_as_of == world.at.replace(microsecond=0)


async def test_the_message_may_come_without_its_link(world: World) -> None:
    assert (await world.verifier().qr(encode(world.qr_message()).decode())).is_valid


def test_it_takes_about_270_bytes_and_fits_version_15_m(world: World) -> None:
    message = world.qr_message()
    code = segno.make(link(PAGE, message), error="m", boost_error=False, micro=False)

    assert 240 <= len(message) <= 280
    assert isinstance(code.version, int)
    assert code.version <= VERSION


def test_what_does_not_fit_is_refused(world: World) -> None:
    message = world.qr_message(claims=Claims(TYPE, {"full_name": "長" * 60}))

    with pytest.raises(segno.DataOverflowError):
        picture(link(PAGE, message))


@pytest.mark.parametrize("index", [0, 23, 24, 65_536, SIZE - 1])
def test_what_is_said_to_fit_does_whatever_its_entry(world: World, index: int) -> None:
    """Measured before there is an entry; the longest name that fits is not refused either."""
    reference = StatusReference(f"{LISTS}{'x' * 12}", index)
    most = max(length for length in range(40) if fits(named(length), PAGE, LISTS))
    assert picture(link(PAGE, world.qr_message(claims=named(most), status=reference))).startswith("<svg ")
    longest = world.qr_message(claims=named(most + 1), status=StatusReference(reference.uri, SIZE - 1))
    with pytest.raises(segno.DataOverflowError):
        picture(link(PAGE, longest))


def named(length: int) -> Claims:
    """A name of so many characters."""
    return Claims(TYPE, {"full_name": "長" * length})


def test_the_picture_is_read_by_other_software(world: World) -> None:
    address = link(PAGE, world.qr_message())
    drawn = io.BytesIO()
    segno.make(address, version=VERSION, error="m", boost_error=False).save(drawn, kind="png", scale=4)
    found = zxingcpp.read_barcodes(Image.open(drawn))

    assert [each.text for each in found] == [address]
    assert picture(address).startswith("<svg ")


@pytest.mark.parametrize("defect", REFUSED)
async def test_every_defect_has_its_reason(world: World, defect: str) -> None:
    reason, case = REFUSED[defect]
    outcome = await world.verifier().qr(case(world))

    assert outcome.reason is reason
    assert outcome.state is not State.VALID


@pytest.mark.parametrize("defect", trust_lists.REFUSED)
async def test_every_defect_of_a_trust_list_has_its_reason(world: World, defect: str) -> None:
    reason, case = trust_lists.REFUSED[defect]
    trusted, certificate = case(world)
    outcome = await world.verifier(documents.read(trusted)).qr(certificate)

    assert (outcome.state, outcome.reason) == (State.INVALID, reason)


async def test_a_trust_list_without_a_defect_serves(world: World) -> None:
    trusted = documents.read(trust_lists.trust_list(world))
    assert (await world.verifier(trusted).qr(link(PAGE, world.qr_message()))).is_valid


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(altered=st.binary(max_size=200))
async def test_no_bytes_raise(world: World, altered: bytes) -> None:
    outcome = await world.verifier().qr(encode(altered).decode())

    assert outcome.state is State.INVALID


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(at=st.integers(0, 5000), bit=st.integers(0, 7))
async def test_every_flipped_bit_is_found(world: World, at: int, bit: int) -> None:
    message = bytearray(world.qr_message())
    message[at % len(message)] ^= 1 << bit
    outcome = await world.verifier().qr(encode(bytes(message)).decode())

    assert outcome.state is State.INVALID


def test_claims_stand_open_and_nothing_tells_who_asked(world: World) -> None:
    claims = cbor2.loads(cbor2.loads(world.qr_message()).value[2])

    assert set(claims) == {4, 6, 7, 65535, -65537}
    assert len(claims[7]) == 8
