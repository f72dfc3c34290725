"""Aliases, fragments, directives, defaults, coercion: how an answer takes its shape."""

from tests.differential.cases import Case

CASES = (
    Case("one field under several aliases", """{ doctorLicences(first: 2) { nodes { a: id b: id id
      r1: register { familyName } r2: register { givenName redacted { item } } } } }"""),
    Case("one root under several aliases", """{ a: doctorLicences(first: 1) { nodes { id } }
      b: doctorLicences(last: 1) { nodes { id } } }"""),
    Case("fields that merge", """{ doctorLicences(first: 2) { nodes { register { familyName } } nodes { register {
      givenName familyName } state } edges { node { id } } edges { cursor node { version } } } }"""),
    Case("the order of fields is the document's", """{ viewer { professions account } doctorLicences(first: 1) {
      totalCount pageInfo { endCursor hasNextPage } nodes { version id register { memo familyName } pseudonym } } }"""),
    Case("fragments on interface and type", """query($id: ID!) { node(id: $id) {
      ...N ...L ...D ... on NurseLicence { version } } }
      fragment N on Node { id } fragment L on Licence { pseudonym ...D }
      fragment D on DoctorLicence { register { familyName } }""", {"id": "@doctor/0/id"}),
    Case("a fragment in many places", """{ doctorLicences(first: 1) { nodes { ...H } } nurseLicences(first: 1) {
      nodes { ...H ... on NurseLicence { register { birthDate { ...P } } } } } }
      fragment H on Licence { id holder { birthDate { ...P } } } fragment P on PartialDate { value text }"""),
    Case("an inline fragment without a type", "{ doctorLicences(first: 1) { ... { nodes { ... { id } } } } }"),
    Case("types of one licence among others", """{ nodes: licence(by: {pseudonym: "none"}) { id }
      doctorLicences(first: 1) { nodes {
      __typename t: __typename holder { __typename } dispositions { __typename } } } }"""),
    Case("include and skip by variable", """query($yes: Boolean!, $no: Boolean = false) { doctorLicences(first: 2) {
      nodes { id @include(if: $yes) version @skip(if: $yes) state @include(if: $no) ...F @skip(if: $no)
      ... @include(if: $no) { pseudonym } } } } fragment F on DoctorLicence { register @include(if: $yes) { memo } }""",
         {"yes": True}),
    Case("the same without", """query($yes: Boolean!, $no: Boolean = false) { doctorLicences(first: 2) {
      nodes { id @include(if: $yes) version @skip(if: $yes) state @include(if: $no) ...F @skip(if: $no)
      ... @include(if: $no) { pseudonym } } } } fragment F on DoctorLicence { register @include(if: $yes) { memo } }""",
         {"yes": False, "no": True}),
    Case("nothing is included", "{ doctorLicences(first: 2) @include(if: false) { nodes { id } } }"),
    Case("nothing of each is included", "{ doctorLicences(first: 2) { nodes { id @skip(if: true) } } }"),
    Case("included once is included", "{ viewer { account @skip(if: true) account } }"),
    Case("defaults of variables", """query($n: Int = 2, $o: LicenceOrder! = REGISTRATION_NUMBER_DESC,
      $l: Language = EN) {
      doctorLicences(first: $n, orderBy: $o) { nodes { registrationNumber
        register { sexCode { label(language: $l) } } } } }"""),
    Case("null instead of a default", "query($n: Int = 2) { doctorLicences(first: $n) { nodes { id } } }", {"n": None}),
    Case("a variable that is left out", """query($n: Int, $f: DoctorLicenceFilter) {
      doctorLicences(first: $n, filter: $f) { nodes { id } } }"""),
    Case("one value becomes a list",
         "query($s: [LicenceState!]) { doctorLicences(filter: {stateIn: $s}) { totalCount } }", {"s": "REGISTERED"}),
    Case("a number becomes an id", "query($id: ID!) { node(id: $id) { id } }", {"id": 5}),
    Case("a whole float becomes a number", "query($n: Int) { doctorLicences(first: $n) { nodes { id } } }", {"n": 2.0}),
    Case("variables within an input", """query($s: LicenceState!, $d: Date) { doctorLicences(
      filter: {stateIn: [$s, STRUCK_OFF], registrationDate: {from: $d}}) { nodes { registrationNumber state } } }""",
         {"s": "REGISTERED", "d": "1950-01-01"}),
    Case("one of two operations",
         "query A { viewer { account } } query B { doctorLicences(first: 1) { nodes { id } } }",
         operation_name="B"),
    Case("unused parts of a page", "{ doctorLicences(first: 1) { pageInfo { hasNextPage } } }"),
    Case("only the count", "{ doctorLicences(first: 0) { totalCount } }"),
    Case("text that JSON escapes", """query($q: String) { doctorLicences(filter: {registrationNumber: $q}) {
      nodes { id } } }""", {"q": '"\\\u2028é\n'}),
)  # fmt: skip
