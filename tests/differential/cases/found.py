"""What generated operations found. Each stays."""

from tests.differential.cases import Case

CASES = (
    # graphql-core gives up siblings of what failed; a loader's future that they shared was cancelled for all.
    Case("what fails in one root is awaited in another", """query($by: LicenceKey!) {
      licence_1: licence(by: $by) { holder { fullName } history { nodes { id } } }
      licence_2: licence(by: $by) { holder { fullName } register_2: registrationDate } }""",
         {"by": {"id": "@doctor/0/id"}}, "viewer", ("FORBIDDEN",)),
    # A variable with a default may be nullable where null is not allowed; null may be sent all the same.
    Case("null decides what is included", """query($v: Boolean = false) { doctorLicences(first: 1) {
      nodes { id profession { code @include(if: $v) } } } }""", {"v": None}, codes=("BAD_VARIABLES",)),
    Case("null decides what is skipped at the root", """query($v: Boolean = true) { viewer { account }
      doctorLicences(first: 1) @skip(if: $v) { nodes { id } } }""", {"v": None}, codes=("BAD_VARIABLES",)),
    Case("null as an order", """query($o: LicenceOrder = REGISTRATION_NUMBER_ASC) { viewer { account }
      doctorLicences(orderBy: $o, first: 1) { nodes { id } } }""", {"o": None}, codes=("BAD_VARIABLES",)),
    Case("null as a language", """query($l: Language = EN) { doctorLicences(first: 1) { nodes {
      register { sexCode { code label(language: $l) } } } } }""", {"l": None}, codes=("BAD_VARIABLES",)),
    Case("null as a number of accesses", """query($n: Int = 3) { doctorLicences(first: 1) { nodes {
      accesses(first: $n) { kind } } } }""", {"n": None}, "auditor", ("BAD_VARIABLES",)),
    Case("null within a filter", """query($f: Boolean = true, $n: String) { doctorLicences(
      filter: {name: {full: $n, foldVariants: $f}}) { totalCount } }""", {"f": None, "n": "見本"},
         codes=("BAD_VARIABLES",)),
    Case("null as an id", """query($id: ID = "AAAA") { node(id: $id) { id } viewer { account } }""", {"id": None},
         codes=("BAD_VARIABLES",)),
    # Two roots read one licence's group, each the items that it needs.
    Case("one licence in two roots, with other items", """{
      one: midwifeLicences(first: 3) { nodes { holder { fullName } } }
      two: midwifeLicences(first: 3) { nodes { registrationDate register { sexCode { code } } } } }"""),
)  # fmt: skip
