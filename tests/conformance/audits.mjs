// node audits.mjs URL TOKEN: the GraphQL over HTTP audits of the graphql-http package.
import { serverAudits } from "graphql-http";
import { check } from "./report.mjs";

const [url, token] = process.argv.slice(2);
const PATIENCE_MS = 8000;

const fetchFn = (address, options = {}) =>
  fetch(address, {
    ...options,
    headers: { ...options.headers, authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });

for (const audit of serverAudits({ url, fetchFn })) {
  let result;
  try {
    result = await audit.fn();
  } catch (error) {
    result = { status: "crash", reason: String(error) };
  }
  // "warn" and "notice" are how the package grades a missed SHOULD or MAY: here they fail too.
  check(`${audit.id} ${audit.name}`, result.status === "ok", result.reason);
}
