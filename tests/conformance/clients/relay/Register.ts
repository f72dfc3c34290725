// The pages as a Relay application writes them. A build replaces each tag by its artifact; relay.ts imports those.
import { graphql } from "relay-runtime";

export const list = graphql`
  query RegisterListQuery($first: Int!) {
    careworkerLicences(first: $first) { ...Register_page }
    clinicalLaboratoryTechnologistLicences(first: $first) { ...Register_page }
    dentistLicences(first: $first) { ...Register_page }
    dietitianLicences(first: $first) { ...Register_page }
    doctorLicences(first: $first) { ...Register_page }
    midwifeLicences(first: $first) { ...Register_page }
    nurseLicences(first: $first) { ...Register_page }
    pharmacistLicences(first: $first) { ...Register_page }
    physicalTherapistLicences(first: $first) { ...Register_page }
    publicHealthNurseLicences(first: $first) { ...Register_page }
  }
`;

export const page = graphql`
  fragment Register_page on LicenceConnection @inline {
    totalCount
    nodes { ...Register_row }
    pageInfo { hasNextPage endCursor }
  }
`;

export const row = graphql`
  fragment Register_row on Licence @inline {
    id
    registrationNumber
    registrationDate
    state
    version
    profession { code name }
    holder { fullName }
  }
`;

export const detail = graphql`
  query RegisterDetailQuery($id: ID!, $asOf: Date!) {
    licence(by: { id: $id }) {
      __typename
      ...Register_row
      viewerMay
      dispositions { id kind { code label } state }
      then: at(asOf: $asOf) { id state effectiveDate }
      ... on DoctorLicence {
        register { familyName birthDate { value text } }
        past: at(asOf: $asOf) { id register { familyName } }
      }
      ... on PharmacistLicence {
        register { familyName }
        registerHistory { redacted { item reason } }
      }
      ... on CareworkerLicence {
        register { familyName registrationDateWareki { value era } }
      }
    }
  }
`;

export const correct = graphql`
  mutation RegisterCorrectMutation($input: CorrectDoctorLicenceInput!) {
    correctDoctorLicence(input: $input) {
      licence { ...Register_row ... on DoctorLicence { register { familyName } } }
      userErrors { code rule path message }
    }
  }
`;

export const form = graphql`
  query RegisterFormQuery {
    professions {
      code
      forms {
        mutation
        fields { ...Register_field }
        groups { name title required cardinality items { number ...Register_field } }
      }
    }
  }
`;

export const field = graphql`
  fragment Register_field on FormField @inline {
    name
    label
    kind
    required
    maxLength
    codeTable
    options { code label }
  }
`;

export const history = graphql`
  query RegisterHistoryQuery($id: ID!, $first: Int!) {
    licence(by: { id: $id }) { ...Register_history @arguments(first: $first) }
  }
`;

export const historyPage = graphql`
  fragment Register_history on Licence
  @refetchable(queryName: "RegisterHistoryPaginationQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }) {
    history(first: $first, after: $after) @connection(key: "Register_history") {
      edges { node { id verb effectiveDate } }
      pageInfo { endCursor hasNextPage }
    }
  }
`;
