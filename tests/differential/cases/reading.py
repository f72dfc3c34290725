"""Every root field, every kind of group, every key of a licence, what is masked."""

from tests.differential.cases import Case

BY = "query($by: LicenceKey!) { licence(by: $by) { id registrationNumber holder { fullName } } }"
HEADER = """id pseudonym registrationNumber registrationDate state version viewerMay
  profession { code name registerName(language: EN) }
  holder { fullName fullNameKana birthDate { value text earliest latest verbatim } sex { code label }
    redacted { item reason } }"""
REGISTER = """register { familyName familyNameKana birthDate { value } sexCode { code label(language: EN) list }
  domicileCode { label } memo redacted { item reason } }"""
DOCTORS = f"query($first: Int) {{ doctorLicences(first: $first) {{ nodes {{ {HEADER} {REGISTER} }} }} }}"

CASES = (
    Case("a list with a header", f"{{ nurseLicences {{ nodes {{ {HEADER} }} totalCount }} }}"),
    Case("a list with a group, all items seen", DOCTORS, {"first": 3}, "chief"),
    Case("a list with a group, masked for a viewer", DOCTORS, {"first": 3}, "viewer"),
    Case("a list with a group, masked for a clerk", DOCTORS, {"first": 6}, "clerk"),
    Case("a list with a group, without personal data", DOCTORS, {"first": 6}, "no personal data"),
    Case("the entries of one office alone", DOCTORS, {"first": 6}, "one office"),
    Case("a list out of scope is empty", "{ nurseLicences { nodes { id } totalCount } }", {}, "few professions"),
    Case("a licence by id", BY, {"by": {"id": "@doctor/0/id"}}),
    Case("a licence by pseudonym", BY, {"by": {"pseudonym": "@nurse/1/pseudonym"}}),
    Case(
        "a licence by register number", BY,
        {"by": {"registrationNumber": {"profession": "dietitian", "number": "@dietitian/2/registrationNumber"}}},
    ),
    Case(
        "a licence by a number that nobody has", BY,
        {"by": {"individualNumber": {"profession": "doctor", "number": "123456789018"}}},
    ),
    Case(
        "a licence by a literal key",
        '{ licence(by: {registrationNumber: {profession: "doctor", number: "100001"}}) { version } }',
    ),
    Case("a licence by the id of something else", BY, {"by": {"id": "@doctor/0/version"}}),
    Case("a licence out of scope", BY, {"by": {"id": "@nurse/0/id"}}, "few professions"),
    Case("a licence of another office", BY, {"by": {"id": "@doctor/1/id"}}, "one office"),
    Case("a node of each kind", """query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
      ... on Licence { registrationNumber } ... on DoctorLicenceVersion { number state }
      ... on Action { verb effectiveDate reason { code label } } ... on Disposition { ordered: orderedDate } } }""",
         {"ids": ["@doctor/0/id", "@doctor/0/version", "@doctor/0/action/1", "@doctor/1/disposition/0"]}),
    Case("nodes that are nothing stand between others", "query($ids: [ID!]!) { nodes(ids: $ids) { id } }",
         {"ids": ["AAAA", "@doctor/0/id", "", "@nurse/0/id", "@doctor/0/id"]}, "few professions"),
    Case("no nodes", "{ nodes(ids: []) { id } }"),
    Case("a list that a version holds", """{ dietitianLicences(first: 3) { nodes { practicePeriods {
      practiceStartYear practiceStartDay redacted { item } } } } }"""),
    Case("replies from outside, oldest first", """{ pharmacistLicences(first: 4) { nodes {
      residentRecords { fullNameKanji birthDate { value } redacted { item } }
      familyRegisters { familyRegisterMovementReason { code label } } } } }"""),
    Case("replies masked",
         "{ nurseLicences(first: 2) { nodes { residentRecords { fullNameKanji redacted { item } } } } }", {}, "viewer"),
    Case("identity and numbers", """{ doctorLicences(first: 3) { nodes {
      identity { mynaPortalPseudonymId redacted { item } } individualNumber { held }
      numbers { individualNumber { held destroyedAt } redacted { item } } } } }"""),
    Case("dispositions in full", """{ doctorLicences { nodes { dispositions {
      id kind { code label } effect office { name code } orderNumber orderedDate startDate endDate reason { code label }
      remarks liftedDate reeducationOrderedDate reeducationCompletedDate state viewerMay } } } }"""),
    Case("dispositions are none without personal data", "{ doctorLicences { nodes { dispositions { id } } } }", {},
         "no personal data"),
    Case("certificates in full", """{ doctorLicences { nodes { certificates {
      __typename format claims state issuedDate expiryDate endedAt endReason } } } }"""),
    Case("certificates are none without personal data", "{ doctorLicences { nodes { certificates { state } } } }", {},
         "no personal data"),
    Case("views of the pharmacists", """{ pharmacistLicences(first: 2) { nodes {
      registerHistory { __typename } dispositionRecords { __typename } } } }"""),
    Case("counts by day", """query($from: Date!, $to: Date!) {
      pharmacistDailyCounts(firstDay: $from, lastDay: $to) { __typename } }""",
         {"from": "2026-01-01", "to": "2026-12-31"}),
    Case("code tables", """query($on: Date) { domiciles(on: $on) { domicileCode { code } validFrom validTo }
      one: domiciles(code: "13") { __typename } none: reasons(code: "zzz") { reason } }""", {"on": "2026-04-01"}),
    Case("professions and viewer", "{ professions { code itemCount } viewer { account permissions professions } }", {},
         "auditor"),
    Case("several roots of several registers", """{ doctorLicences(first: 1) { nodes { id } }
      nurseLicences(last: 1) { nodes { id } } viewer { account } __typename }"""),
    Case("who looked at a licence",
         "{ doctorLicences(first: 1) { nodes { accesses(first: 3) { kind outcome } } } }", {}, "auditor"),
    Case("eras and months", """{ careworkerLicences(first: 3) { nodes { register {
      registrationDateWareki { value era verbatim text text_en: text(language: EN) } passMonthWareki { value text }
      sex { code label } epaFlag totalLeaveDays } } } }""", {}, "chief"),
    Case("introspection beside data", """{ __schema { queryType { name } } doctorLicences(first: 1) { nodes { id } }
      __type(name: "Disposition") { fields { name } } }"""),
)  # fmt: skip
