// Apollo Client over the normalised cache: fragments on interfaces, corrections, the past beside the present, pages.
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import {
  CorrectDoctorDocument, DoctorDetailFragmentDoc, LicenceDetailDocument, LicenceHistoryDocument, LicenceListsDocument,
  type LicenceRowFragment, LicenceRowFragmentDoc,
} from "./__generated__/apollo.js";
import { check } from "../report.mjs";
import { renamed } from "./office.js";
import { headers, possibleTypes, url } from "./server.js";

const client = new ApolloClient({
  link: new HttpLink({ uri: url, headers }),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Profession: { keyFields: ["code"] },
      Licence: { fields: { history: relayStylePagination() } },
    },
  }),
});

async function data<Data>(answer: Promise<{ data?: Data | undefined }>): Promise<Data> {
  const { data } = await answer;
  if (!data) throw new Error("The answer has no data.");
  return data;
}

const row = (id: string) =>
  client.readFragment({ id, fragment: LicenceRowFragmentDoc, fragmentName: "LicenceRow" });

async function lists() {
  const pages = await data(client.query({ query: LicenceListsDocument, variables: { first: 3 } }));
  const found = Object.values(pages).flatMap<LicenceRowFragment>((page) => page.nodes);
  check("apollo: one fragment lists ten professions", new Set(found.map((n) => n.profession.code)).size === 10);
  check("apollo: every row has what the fragment asks for", found.every((n) => n.registrationDate && n.holder.fullName));
  const types = Object.keys(client.cache.extract() as object);
  check("apollo: a profession is kept once", types.filter((t) => t.startsWith("Profession:")).length === 10);
  const [doctor] = pages.doctorLicences.nodes;
  if (!doctor?.registrationDate) throw new Error("There is no doctor.");
  return { id: doctor.id, asOf: doctor.registrationDate };
}

async function detail(variables: { id: string; asOf: string }) {
  const { licence } = await data(client.query({ query: LicenceDetailDocument, variables, fetchPolicy: "network-only" }));
  if (licence?.__typename !== "DoctorLicence") throw new Error("There is no such doctor.");
  return licence;
}

async function corrections(id: string, version: number) {
  const correct = (input: ReturnType<typeof renamed>) =>
    data(client.mutate({ mutation: CorrectDoctorDocument, variables: { input } })).then((d) => d.correctDoctorLicence);
  const stale = await correct(renamed(id, version + 7, "古川"));
  const [refusal] = stale.userErrors;
  check("apollo: a stale version is refused in words", refusal?.code === "STALE_VERSION" && refusal.message !== refusal.messageEn);
  check("apollo: the refusal brings the present licence", stale.licence?.version === version);
  const done = await correct(renamed(id, version, "改名"));
  check("apollo: a correction has no user errors", done.userErrors.length === 0 && done.action?.verb === "correct");
  check("apollo: the cached row follows the correction", row(`DoctorLicence:${id}`)?.holder.fullName?.startsWith("改名"));
}

async function past(id: string, asOf: string, before: string) {
  const seen = await detail({ id, asOf });
  check("apollo: the past has the name of that day", seen.past?.register.familyName === before);
  check("apollo: the present has the new name", seen.register.familyName === "改名");
  check("apollo: a version has an id of its own", seen.then && seen.then.id === seen.past?.id && seen.then.id !== id);
  const fragment = { fragment: DoctorDetailFragmentDoc, fragmentName: "DoctorDetail", variables: { asOf } };
  const kept = client.readFragment({ id: `DoctorLicence:${id}`, ...fragment });
  check("apollo: the past does not overwrite the present in the cache", kept?.register.familyName === "改名" && kept.past?.register.familyName === before);
}

async function history(id: string) {
  const query = client.watchQuery({ query: LicenceHistoryDocument, variables: { id, first: 1 } });
  const watched = query.subscribe(() => undefined);
  const first = (await query.refetch()).data?.licence?.history;
  check("apollo: a page of the history", first?.edges.length === 1 && first.pageInfo.hasNextPage);
  await query.fetchMore({ variables: { after: first?.pageInfo.endCursor ?? null } });
  const whole = client.readQuery({ query: LicenceHistoryDocument, variables: { id, first: 1 } })?.licence?.history;
  check("apollo: pages grow into one list", whole?.edges.map((e) => e.node.verb).join() === "register,correct", JSON.stringify(whole?.edges));
  watched.unsubscribe();
}

const { id, asOf } = await lists();
const opened = await detail({ id, asOf });
const before = opened.register.familyName ?? "";
check("apollo: the buttons of the detail page", opened.viewerMay.includes("correct"));
await corrections(id, opened.version);
await past(id, asOf, before);
await history(id);
client.stop();
