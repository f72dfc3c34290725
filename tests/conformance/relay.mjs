// node relay.mjs URL TOKEN: Global Object Identification and Cursor Connections, by introspection and at run time.
import {
  buildClientSchema, getIntrospectionQuery, getNamedType, isInterfaceType, isListType, isNonNullType, isObjectType,
} from "graphql";
import { check } from "./report.mjs";

const [url, token] = process.argv.slice(2);

async function ask(query, variables) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

const schema = buildClientSchema((await ask(getIntrospectionQuery())).data);
const types = schema.getTypeMap();
const query = schema.getQueryType().getFields();
const nullable = (type) => (isNonNullType(type) ? type.ofType : type);
const isConnection = (type) => isObjectType(type) && type.name.endsWith("Connection");
const firstError = (answer) => answer.errors?.[0]?.message;

function checkIdentification() {
  check("Node is an interface", isInterfaceType(types.Node));
  check("Node.id: ID!", String(types.Node?.getFields().id?.type) === "ID!");
  const { node, nodes } = query;
  check("Query.node(id: ID!): Node", String(node?.args.find((a) => a.name === "id")?.type) === "ID!" && String(node.type) === "Node", node?.type);
  check("Query.nodes(ids: [ID!]!): [Node]!", String(nodes?.args[0]?.type) === "[ID!]!" && String(nodes.type) === "[Node]!", nodes?.type);
}

function checkConnectionTypes() {
  const info = types.PageInfo?.getFields() ?? {};
  const flags = ["hasNextPage", "hasPreviousPage"].every((name) => String(info[name]?.type) === "Boolean!");
  check("PageInfo has its four fields", flags && info.startCursor && info.endCursor);
  const connections = Object.values(types).filter(isConnection);
  check("there are connections", connections.length > 0);
  for (const type of connections) {
    const fields = type.getFields();
    const edge = fields.edges && getNamedType(fields.edges.type);
    check(`${type.name}.pageInfo: PageInfo!`, String(fields.pageInfo?.type) === "PageInfo!");
    check(`${type.name}.edges is a list of objects`, fields.edges && isListType(nullable(fields.edges.type)) && isObjectType(edge));
    const { node, cursor } = edge?.getFields() ?? {};
    check(`${edge?.name} has node and cursor`, node && cursor);
    check(`${edge?.name}.node is not a list`, node && !isListType(nullable(node.type)));
  }
  for (const owner of Object.values(types).filter(isObjectType)) {
    for (const field of Object.values(owner.getFields()).filter((f) => isConnection(getNamedType(f.type)))) {
      const args = Object.fromEntries(field.args.map((a) => [a.name, String(a.type)]));
      const pages = (args.first === "Int" && args.after) || (args.last === "Int" && args.before);
      check(`${owner.name}.${field.name} pages`, pages, JSON.stringify(args));
    }
  }
}

function pager(name) {
  const edge = getNamedType(getNamedType(query[name].type).getFields().edges.type);
  const hasId = Boolean(getNamedType(edge.getFields().node.type).getFields?.().id);
  const selection = `{ pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { __typename ${hasId ? "id" : ""} } } }`;
  const page = (args) => {
    const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null);
    const text = given.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(", ");
    return ask(`{ ${name}${text && `(${text})`} ${selection} }`);
  };
  const ids = (answer) => answer.data?.[name]?.edges.map((e) => e.node.id ?? e.cursor);
  return { page, ids, info: (answer) => answer.data?.[name]?.pageInfo, hasId };
}

async function walk({ page, ids, info }, forward, size, from, enough) {
  const seen = [];
  let answer;
  let cursor = from;
  while (seen.length < enough) {
    answer = await page(forward ? { first: size, after: cursor } : { last: size, before: cursor });
    const found = ids(answer) ?? [];
    forward ? seen.push(...found) : seen.unshift(...found);
    const { hasNextPage, hasPreviousPage, endCursor, startCursor } = info(answer) ?? {};
    cursor = forward ? endCursor : startCursor;
    if (!found.length || !(forward ? hasNextPage : hasPreviousPage)) break;
  }
  return { seen, error: firstError(answer) };
}

// Nobody has been checked in a fresh demo; how its pages turn is shown by tests/schema/test_checking.py.
const EMPTY = new Set(["checkRuns", "discrepancies"]);
// Who signed in is no administrator; how these pages turn is shown by tests/schema/test_jobs.py.
const FORBIDDEN = new Set(["jobs"]);

function checkNothing(name, whole, info) {
  check(`${name} has no edges`, whole.data?.[name]?.edges.length === 0, firstError(whole));
  const { startCursor, endCursor, hasNextPage, hasPreviousPage } = info ?? {};
  check(`${name} pageInfo names no ends`, startCursor === null && endCursor === null && !hasNextPage && !hasPreviousPage);
}

async function checkConnection(name) {
  const pages = pager(name);
  const { page, ids, info, hasId } = pages;
  const whole = await page({});
  const all = ids(whole) ?? [];
  if (FORBIDDEN.has(name)) return check(`${name} is forbidden`, whole.errors?.[0]?.extensions.code === "FORBIDDEN", firstError(whole));
  if (EMPTY.has(name)) return checkNothing(name, whole, info(whole));
  if (!check(`${name} returns edges`, all.length > 0, firstError(whole))) return;
  const edges = whole.data[name].edges;
  check(`${name} cursors are unique`, new Set(edges.map((e) => e.cursor)).size === all.length);
  check(`${name} ids are unique`, new Set(all).size === all.length);
  check(`${name} pageInfo names its ends`, info(whole).startCursor === edges[0].cursor && info(whole).endCursor === edges.at(-1).cursor);
  await checkWalks(name, pages, all, edges);
  await checkArguments(name, pages, all, edges);
  if (hasId) await checkNodes(name, all);
}

async function checkWalks(name, pages, all, edges) {
  // Pages small enough to turn several, few enough not to take long.
  const size = Math.max(3, Math.ceil(all.length / 5));
  const forward = await walk(pages, true, size, undefined, all.length);
  check(`${name} walked forward is the whole`, forward.seen.slice(0, all.length).join() === all.join(), forward.error ?? forward.seen.length);
  // From the last edge back, since the first answer may be only the beginning of a long list.
  const rest = all.slice(0, -1);
  const backward = await walk(pages, false, size, edges.at(-1).cursor, rest.length);
  check(`${name} walked backward is the whole`, backward.seen.join() === rest.join(), backward.error ?? backward.seen.length);
}

async function checkArguments(name, { page, ids, info }, all, edges) {
  for (const args of [{ first: -1 }, { last: -1 }]) check(`${name} ${JSON.stringify(args)} is an error`, (await page(args)).errors);
  const none = await page({ first: 0 });
  check(`${name} first: 0 is empty`, !none.errors && ids(none)?.length === 0, firstError(none));
  const two = await page({ first: 2 });
  check(`${name} first: 2 says what follows`, info(two)?.hasNextPage === all.length > 2 && info(two)?.hasPreviousPage === false);
  if (all.length > 4) {
    const slice = await page({ after: edges[1].cursor, before: edges[4].cursor });
    check(`${name} after and before cut a slice`, ids(slice)?.join() === all.slice(2, 4).join(), firstError(slice) ?? ids(slice)?.length);
  }
  const both = await page({ first: 3, last: 2 });
  check(`${name} first and last together`, both.errors || ids(both)?.join() === all.slice(1, 3).join());
  const bad = await page({ after: "not-a-cursor" });
  check(`${name} refuses a bad cursor without internals`, bad.errors && !/padding|Traceback|codec|Error:/i.test(firstError(bad)), firstError(bad));
}

async function checkNodes(name, [first, second]) {
  const one = (id) => ask("query($id: ID!) { node(id: $id) { __typename id } }", { id });
  const many = (ids) => ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids });
  const again = await one(first);
  check(`${name} node(id) finds it again`, again.data?.node?.id === first, firstError(again));
  const order = [second ?? first, first, second ?? first];
  const listed = await many(order);
  check(`${name} nodes keeps order and duplicates`, listed.data?.nodes?.map((n) => n?.id).join() === order.join(), firstError(listed));
  const unknown = Buffer.from("Holder:999999").toString("base64");
  const missing = await one(unknown);
  check(`${name} an unknown node is null`, missing.data?.node === null, firstError(missing));
  const mixed = await many([first, unknown]);
  check(`${name} an unknown node among nodes is null`, mixed.data?.nodes?.length === 2 && mixed.data.nodes[1] === null, firstError(mixed));
  const garbage = await one("!!!");
  check(`${name} a garbled id is an error or null`, garbage.errors || garbage.data?.node === null);
}

checkIdentification();
checkConnectionTypes();
const roots = Object.values(query).filter((f) => isConnection(getNamedType(f.type)) && f.args.every((a) => !isNonNullType(a.type) || a.defaultValue !== undefined));
for (const { name } of roots) await checkConnection(name);
