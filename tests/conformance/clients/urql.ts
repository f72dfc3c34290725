// urql over its normalised cache: the same pages, with the schema that tells which types an interface stands for.
import { type AnyVariables, Client, fetchExchange, type TypedDocumentNode } from "@urql/core";
import { cacheExchange, type Data } from "@urql/exchange-graphcache";
import { buildSchema, introspectionFromSchema, isObjectType } from "graphql";
import {
  CorrectDoctorDocument, type LicenceRowFragment, LicenceDetailDocument, LicenceHistoryDocument, LicenceListsDocument,
} from "./__generated__/urql.js";
import { check } from "../report.mjs";
import { renamed } from "./office.js";
import { headers, sdl, url } from "./server.js";

const built = buildSchema(sdl);
const embedded = Object.values(built.getTypeMap()).filter((type) => isObjectType(type) && !type.getFields()["id"]);
const keys = { ...Object.fromEntries(embedded.map(({ name }) => [name, () => null])), Profession: ({ code }: Data) => String(code) };

const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers },
  exchanges: [cacheExchange({ schema: introspectionFromSchema(built), keys }), fetchExchange],
});

async function data<Result, Variables extends AnyVariables>(
  document: TypedDocumentNode<Result, Variables>, variables: Variables, requestPolicy: "cache-first" | "cache-only" | "network-only" = "cache-first",
): Promise<Result> {
  const answer = await client.query(document, variables, { requestPolicy }).toPromise();
  if (!answer.data) throw answer.error ?? new Error("The answer has no data.");
  return answer.data;
}

async function detail(id: string, asOf: string, policy: "cache-only" | "network-only") {
  const { licence } = await data(LicenceDetailDocument, { id, asOf }, policy);
  if (licence?.__typename !== "DoctorLicence") throw new Error("There is no such doctor.");
  return licence;
}

const pages = await data(LicenceListsDocument, { first: 3 });
const found = Object.values(pages).flatMap<LicenceRowFragment>((page) => page.nodes);
check("urql: one fragment lists ten professions", new Set(found.map((n) => n.profession.code)).size === 10);
const doctor = pages.doctorLicences.nodes[1];
if (!doctor?.registrationDate) throw new Error("There is no second doctor.");
const { id, registrationDate: asOf } = doctor;

const opened = await detail(id, asOf, "network-only");
const before = opened.register.familyName;
const corrected = await client.mutation(CorrectDoctorDocument, { input: renamed(id, opened.version, "別名") }).toPromise();
check("urql: a correction has no user errors", corrected.data?.correctDoctorLicence.userErrors.length === 0, corrected.error?.message);
const refused = await client.mutation(CorrectDoctorDocument, { input: renamed(id, opened.version, "別名") }).toPromise();
check("urql: a second with the old version is refused", refused.data?.correctDoctorLicence.userErrors[0]?.code === "STALE_VERSION", refused.error?.message);

const seen = await detail(id, asOf, "network-only");
check("urql: the past has the name of that day", seen.past?.register.familyName === before && seen.register.familyName === "別名");
const kept = await detail(id, asOf, "cache-only");
check("urql: the past does not overwrite the present in the cache", kept.register.familyName === "別名" && kept.past?.register.familyName === before);

const first = (await data(LicenceHistoryDocument, { id, first: 1 })).licence?.history;
const second = (await data(LicenceHistoryDocument, { id, first: 1, after: first?.pageInfo.endCursor ?? null })).licence?.history;
const verbs = [first, second].flatMap((page) => page?.edges.map((edge) => edge.node.verb));
check("urql: the history page by page", verbs.join() === "register,correct" && second?.pageInfo.hasNextPage === false, verbs.join());
