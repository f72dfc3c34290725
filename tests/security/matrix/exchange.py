"""The exchange with other systems: feeds, numbers, what comes on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from meibo import clock
from meibo.access.permissions import Permission, Role
from tests.security.matrix.cells import CLERKS, PERMITTED, Cell, payload_cell

FEED = {"connector": "licence_registration", "profession": "doctor"}
ABOUT_FEED = 'connector: "licence_registration", profession: "doctor"'


def feed_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """The verbs on the exchange with other systems."""
    chiefs, needs = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    for name, input, more in (
        ("beginFeedAnew", "FeedActInput", {}),
        ("setFeedMaster", "SetFeedMasterInput", {"path": "register.domicile_code", "master": "THEIRS"}),
        ("settleFeedConflict", "SettleFeedConflictInput", {"changeId": ids["conflict"]}),
    ):
        yield payload_cell(name, input, FEED | more, chiefs, needs, "FORBIDDEN")


def feed_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Feeds, their items, conflicts, and the book of media."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    change = f'({ABOUT_FEED}, changeId: "{ids["conflict"]}")'
    for name, asked, needs, outside in (
        ("feeds", "{ number }", manages, "empty"),
        ("feedItems", f"({ABOUT_FEED}) {{ path }}", manages, "FORBIDDEN"),
        ("feedConflicts", f"({ABOUT_FEED}) {{ outcome }}", manages, "FORBIDDEN"),
        ("feedConflictEvidence", f"{change} {{ reason }}", (*manages, Permission.PERSONAL_READ), "FORBIDDEN"),
        ("feedMedia", f"({ABOUT_FEED}) {{ label }}", (Permission.EXCHANGE_CARRY,), "FORBIDDEN"),
    ):
        yield Cell(name, f"{{ {name}{asked} }}", {}, chiefs, needs, outside=outside, permission_first=True)


def paper_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Numbers from paper, media and pass lists: of care workers alone, so that there are none of doctors."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), Permission.EXCHANGE_MANAGE
    batch = f'{ABOUT_FEED}, batchId: "{ids["conflict"]}"'
    for name, asked, permission in (
        ("paperBatches", f"({ABOUT_FEED}) {{ count }}", manages),
        ("paperBatchLines", f"({batch}) {{ outcome }}", manages),
        ("carriedMedia", f"({ABOUT_FEED}) {{ label }}", Permission.EXCHANGE_CARRY),
    ):
        yield Cell(
            name,
            f"{{ {name}{asked} }}",
            {},
            chiefs,
            (permission,),
            outside="FORBIDDEN",
            permitted="NOT_FOUND",
        )
    certificate, overdue = (
        f"{{ paperCertificate({batch}, proof: ERASURE) }}",
        "{ overduePaperBatches { count } }",
    )
    yield Cell(
        "paperCertificate", certificate, {}, chiefs, (manages,), outside="FORBIDDEN", permitted="NOT_FOUND"
    )
    yield Cell("overduePaperBatches", overdue, {}, chiefs, (manages,), permission_first=True)
    checks, said = (Permission.EXAMINATION_CHECK,), "query($candidate: PassCandidate!)"
    given = {
        "candidate": {"profession": "doctor", "year": 2020, "fullName": "見本", "birthDate": "1990-01-15"}
    }
    asked = f"{said} {{ candidatePass(candidate: $candidate) {{ standing }} }}"
    yield Cell("candidatePass", asked, given, CLERKS, checks, outside="FORBIDDEN", permitted="NOT_FOUND")
    lists = '{ passLists(profession: "doctor") { count } }'
    yield Cell("passLists", lists, {}, CLERKS, checks, outside="FORBIDDEN", permitted="NOT_FOUND")
    holder = f'{{ holderPass(licenceId: "{ids["registered"]}") {{ standing }} }}'
    yield Cell(
        "holderPass", holder, {}, CLERKS, checks, outside="null", permission_first=True, permitted="NOT_FOUND"
    )


def number_verbs(ids: Mapping[str, str]) -> Iterator[Cell]:
    """Numbers that go to the existing system."""
    chiefs, manages, today = (
        frozenset({Role.ADMINISTRATOR}),
        Permission.EXCHANGE_MANAGE,
        clock.today().isoformat(),
    )
    basis = {"legalBasis": "test", "startDate": today, "endDate": today}
    one = {"basisId": ids["basis that waits"]}
    for name, input, more, permission in (
        ("proposeNumberBasis", "ProposeNumberBasisInput", basis, manages),
        ("approveNumberBasis", "NumberBasisActInput", one, Permission.EXCHANGE_APPROVE),
        ("endNumberBasis", "NumberBasisActInput", one, manages),
        ("handNumbersOverAgain", "FeedActInput", {}, manages),
    ):
        yield payload_cell(name, input, FEED | more, chiefs, (permission,), "FORBIDDEN")


def number_records(ids: Mapping[str, str]) -> Iterator[Cell]:
    """On which basis they go, how many went, what has to be erased again: nothing was yet."""
    chiefs, manages = frozenset({Role.ADMINISTRATOR}), (Permission.EXCHANGE_MANAGE,)
    for name, asked, permitted in (
        ("numberBases", f"({ABOUT_FEED}) {{ id }}", PERMITTED),
        ("handedNumbers", f"({ABOUT_FEED})", PERMITTED),
        ("numberErasures", f"({ABOUT_FEED}) {{ id }}", PERMITTED),
        ("numberErasureReceipt", f'({ABOUT_FEED}, erasureId: "{ids["conflict"]}")', "NOT_FOUND"),
    ):
        yield Cell(
            name, f"{{ {name}{asked} }}", {}, chiefs, manages, outside="FORBIDDEN", permitted=permitted
        )
