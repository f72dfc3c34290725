// graphql-yoga with graphql-jit: named prepared statements, a DataLoader for each request, keyset pages.
import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import { createSchema, createYoga } from "graphql-yoga";
import { loaders } from "./loaders.mjs";
import { doctor, doctors } from "./doctors.mjs";

const typeDefs = /* GraphQL */ `
  type Query {
    doctor(id: ID!): Doctor
    doctors(prefecture: String, first: Int!, after: String): DoctorPage!
  }
  type DoctorPage { nodes: [Doctor!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Prefecture { code: String! name: String! }
  type Disposition {
    kind: String! orderNumber: String orderedDate: String! startDate: String! endDate: String
    liftedDate: String remarks: String
  }
  type Doctor {
    id: ID! pseudonym: String! registrationNumber: String! registrationDate: String! state: String! version: Int!
    familyName: String givenName: String familyNameKana: String givenNameKana: String
    birthDate: String sexCode: String domicileCode: String licenceTypeCode: String almaMaterCode: String
    examNumber: String nationalExamRound: Int nationalExamYear: Int nationalExamPassDate: String receivedDate: String
    prefecture: Prefecture
    dispositions: [Disposition!]!
  }
`;

const resolvers = {
  Query: {
    doctor: (_, { id }) => doctor(id),
    doctors: (_, { prefecture, first, after }) => doctors(prefecture, first, after),
  },
  Doctor: {
    prefecture: (row, _, { load }) => (row.prefectureCode === null ? null : load.prefecture.load(row.prefectureCode)),
    dispositions: (row, _, { load }) => load.dispositions.load(row.id),
  },
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  plugins: [useGraphQlJit()],
  context: () => ({ load: loaders() }),
  graphiql: false,
  landingPage: false,
  logging: false,
});
const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/graphql`));
