"""Every verb and every field x role x scope x store: one outcome each, nothing changed by a refusal, its leaf written.

The cells (`matrix/`) come from the schema itself: a new mutation, root field or licence field without an expectation
fails.
"""

from __future__ import annotations

import pytest

from meibo.access.permissions import Permission, Role
from tests import partners
from tests.security.api import Api
from tests.security.conftest import Registers
from tests.security.matrix.judging import Book, judge, told
from tests.security.matrix.reading import FIELDS, VERSION_FIELDS
from tests.security.matrix.verbs import act, mutations
from tests.security.matrix.whole import cells
from tests.security.whole_licence import field_of, shown_groups

SCOPES: tuple[tuple[str, ...], ...] = (("doctor",), ("veterinarian",), ())


async def test_what_is_compared_tells_every_change(api: Api) -> None:
    before = await api.digest()
    assert await api.digest() == before
    await partners.applied(api.installation)
    assert await api.digest() != before


@pytest.mark.parametrize("role", Role)
async def test_every_verb_and_field_by_role_and_scope(registers: Registers, role: Role) -> None:
    matrix = await cells(registers)
    book = Book(registers.api)
    await book.turn()
    wrong = {}
    for scope in SCOPES:
        token = await registers.api.sign_in(role, *scope)
        await book.turn()
        for cell in matrix:
            got, wanted = await judge(book, token, cell), told(cell.expected(role, scope), cell)
            if got != wanted:
                wrong[scope, cell.label] = {"got": got, "wanted": wanted}
        assert await book.turn() == (False, [])
    assert wrong == {}


ELSEWHERE = {
    *(Permission.CODE_WRITE, Permission.EXPORT_RUN, Permission.IMPORT_RUN, Permission.REPLY_WRITE),
    *(Permission.NUMBER_DESTROY, Permission.SENSITIVE_READ),
    *(Permission.LINK_SEND, Permission.NUMBER_SEND),
}
"""Permissions of commands and of links, of what a verb leads to, and those that mask items one by one: see the test of
masking."""


async def test_every_verb_and_field_without_the_one_permission(registers: Registers) -> None:
    matrix, book = await cells(registers), Book(registers.api)
    await book.turn()
    wrong = {}
    tried: set[Permission] = set()
    for cell in matrix:
        for permission in cell.needs:
            token = registers.granted(permission, professions=(cell.profession,))
            await book.turn(reading=True)
            got, wanted = await judge(book, token, cell), told(cell.denied, cell)
            tried.add(permission)
            if got != wanted:
                wrong[cell.label, permission] = {"got": got, "wanted": wanted}
    assert wrong == {}
    assert set(Permission) - tried == ELSEWHERE


async def test_nobody_without_a_token(registers: Registers) -> None:
    book = Book(registers.api)
    matrix = await cells(registers)
    await book.turn()
    for cell in matrix:
        for token in (None, "meibo_unknown", "x" * 300):
            answer = await registers.api.call(token, cell.document, cell.variables)
            assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"]), cell.label
    assert await book.turn() == (False, [])


async def test_a_verb_of_one_profession_leaves_the_licences_of_others(registers: Registers) -> None:
    token = registers.granted(professions=("doctor", "veterinarian"))
    cell = next(c for c in mutations(registers.ids) if c.name == "correctVeterinarianLicence")
    given = {**act("correct"), "licenceId": registers.ids["registered"], "expectedVersion": 1}
    given |= {"register": {"registrationNumber": "999"}, "validateOnly": False}
    before = await registers.api.digest()
    answer = await registers.api.call(token, cell.document, {"input": given})
    assert answer.refusals == [("NOT_FOUND", "licence.unknown")]
    assert await registers.api.digest() == before


INTROSPECTION = """{
  __schema { queryType { fields { name } } mutationType { fields { name } } }
  licence: __type(name: "DoctorLicence") { fields { name } }
  version: __type(name: "DoctorLicenceVersion") { fields { name } }
}"""


async def test_the_matrix_is_whole(registers: Registers) -> None:
    """A field that is new in the schema has to say here who may use it."""
    answer = await registers.api.call(registers.granted(), INTROSPECTION)
    schema = answer.data["__schema"]
    matrix = await cells(registers)
    named = {cell.name for cell in matrix}
    for type in ("queryType", "mutationType"):
        assert {f["name"] for f in schema[type]["fields"]} - named == set()
    groups = {field_of(spec) for spec in shown_groups(registers.api.installation.host["doctor"])}
    assert {f["name"] for f in answer.data["licence"]["fields"]} == groups | set(FIELDS)
    # A version shows its dispositions too: the test of masking asks for them there.
    assert {f["name"] for f in answer.data["version"]["fields"]} == groups | VERSION_FIELDS | {"dispositions"}
