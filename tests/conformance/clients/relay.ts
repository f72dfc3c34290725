// Relay's store and network over the compiled artifacts: masked fragments, a correction, the past, a connection.
import relay, { type ConcreteRequest, type FetchFunction, type GraphQLTaggedNode, type MutationParameters, type OperationType } from "relay-runtime";
import { check } from "../report.mjs";
import { renamed } from "./office.js";
import rowNode, { type Register_row$data, type Register_row$key } from "./relay/__generated__/Register_row.graphql.js";
import pageNode, { type Register_page$key } from "./relay/__generated__/Register_page.graphql.js";
import fieldNode, { type Register_field$key } from "./relay/__generated__/Register_field.graphql.js";
import correctNode, { type RegisterCorrectMutation } from "./relay/__generated__/RegisterCorrectMutation.graphql.js";
import detailNode, { type RegisterDetailQuery } from "./relay/__generated__/RegisterDetailQuery.graphql.js";
import formNode, { type RegisterFormQuery } from "./relay/__generated__/RegisterFormQuery.graphql.js";
import historyFragment, { type Register_history$data } from "./relay/__generated__/Register_history.graphql.js";
import historyNode, { type RegisterHistoryQuery } from "./relay/__generated__/RegisterHistoryQuery.graphql.js";
import laterNode, { type RegisterHistoryPaginationQuery } from "./relay/__generated__/RegisterHistoryPaginationQuery.graphql.js";
import listNode, { type RegisterListQuery } from "./relay/__generated__/RegisterListQuery.graphql.js";
import { headers, url } from "./server.js";

const { Environment, Network, RecordSource, Store, commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector, readInlineData } = relay;

const send: FetchFunction = async ({ text, name }, variables) => {
  const body = JSON.stringify({ query: text, operationName: name, variables });
  const answer = await fetch(url, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body });
  return answer.json();
};
const environment = new Environment({ network: Network.create(send), store: new Store(new RecordSource()) });

async function query<Operation extends OperationType>(node: GraphQLTaggedNode, variables: Operation["variables"]): Promise<Operation["response"]> {
  const data = await fetchQuery<Operation>(environment, node, variables).toPromise();
  if (!data) throw new Error("The answer has no data.");
  return data;
}

/** What the store holds for an operation, without asking the server. */
function stored<Operation extends OperationType>(node: ConcreteRequest, variables: Operation["variables"]): Operation["response"] {
  return environment.lookup(createOperationDescriptor(node, variables).fragment).data as Operation["response"];
}

const mutate = <Mutation extends MutationParameters>(mutation: GraphQLTaggedNode, variables: Mutation["variables"]) =>
  new Promise<Mutation["response"]>((resolve, reject) =>
    commitMutation<Mutation>(environment, { mutation, variables, onCompleted: resolve, onError: reject }));

const rowOf = (key: Register_row$key): Register_row$data => readInlineData(rowNode, key);

const lists = await query<RegisterListQuery>(listNode, { first: 3 });
const pages = Object.values(lists).map((key: Register_page$key) => readInlineData(pageNode, key));
const rows = pages.flatMap((page) => page.nodes.map(rowOf));
check("relay: one fragment lists ten professions", new Set(rows.map((row) => row.profession.code)).size === 10);
const doctor = rows.filter((row) => row.profession.code === "doctor")[2];
if (!doctor?.registrationDate) throw new Error("There is no third doctor.");
const { id, registrationDate: asOf } = doctor;

const opened = (await query<RegisterDetailQuery>(detailNode, { id, asOf })).licence;
const before = opened?.past?.register.familyName;
check("relay: the detail page of a doctor", opened?.__typename === "DoctorLicence" && opened.viewerMay.includes("correct"));
const done = (await mutate<RegisterCorrectMutation>(correctNode, { input: renamed(id, doctor.version, "異名") })).correctDoctorLicence;
check("relay: a correction has no user errors", done.userErrors.length === 0, JSON.stringify(done.userErrors));
check("relay: the store follows the correction", done.licence && rowOf(done.licence).holder.fullName?.startsWith("異名"));
const stale = (await mutate<RegisterCorrectMutation>(correctNode, { input: renamed(id, doctor.version, "異名") })).correctDoctorLicence;
check("relay: a second with the old version is refused", stale.userErrors[0]?.code === "STALE_VERSION");

await query<RegisterDetailQuery>(detailNode, { id, asOf });
const kept = stored<RegisterDetailQuery>(detailNode, { id, asOf }).licence;
check("relay: the past does not overwrite the present in the store", kept?.register?.familyName === "異名" && kept.past?.register.familyName === before && before !== "異名");

/** The history as a component sees it, from the store. */
function history() {
  const { licence } = stored<RegisterHistoryQuery>(historyNode, { id, first: 1 });
  const selector = getSingularSelector(historyFragment, licence);
  return (selector && (environment.lookup(selector).data as Register_history$data | null))?.history;
}

await query<RegisterHistoryQuery>(historyNode, { id, first: 1 });
const after = history()?.pageInfo.endCursor ?? null;
check("relay: a page of the history", history()?.edges.length === 1 && history()?.pageInfo.hasNextPage);
await query<RegisterHistoryPaginationQuery>(laterNode, { id, first: 1, after });
const verbs = history()?.edges.map((edge) => edge?.node.verb).join();
check("relay: pages grow into one connection", verbs === "register,correct", verbs);

const { professions } = await query<RegisterFormQuery>(formNode, {});
const fields = professions.flatMap(({ forms }) => forms.flatMap(({ groups }) => groups.flatMap(({ items }) => items)));
const labels = fields.map((field: Register_field$key) => readInlineData(fieldNode, field).label);
check("relay: one fragment reads every field of every form", professions.length === 10 && labels.length > 1000 && labels.every(Boolean));
