"""What generated operations found. Each stays."""

from tests.differential.cases import Case

CASES = (
    # graphql-core gives up siblings of what failed; a loader's future that they shared was cancelled for all.
    Case("what fails in one root is awaited in another", """query($by: LicenceKey!) {
      licence_1: licence(by: $by) { holder { fullName } history { nodes { id } } }
      licence_2: licence(by: $by) { holder { fullName } register_2: registrationDate } }""",
         {"by": {"id": "@doctor/0/id"}}, "viewer", ("FORBIDDEN",)),
)  # fmt: skip
