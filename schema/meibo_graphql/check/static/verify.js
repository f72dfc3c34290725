// A QR certificate in, an outcome out; bad input is an outcome like any other, and nothing leaves the browser.
import * as certificate from "./certificate.js";
import { Refusal, stateOf } from "./refusals.js";
import * as status from "./status.js";

/** The outcome of a certificate. `source` gives the trust list and the token of a status list, each as it was kept. */
export async function verify(text, source, at = Date.now() / 1000) {
  const outcome = { claims: {}, asOf: null };
  try {
    const trust = await source.trust(at);
    Object.assign(outcome, await certificate.check(text, trust, at));
    const { uri, index } = outcome.status;
    const listed = await status.read(await source.token(trust.listName(uri), at), uri, trust, at);
    const reason = status.reasonAt(listed, index);
    return { ...outcome, asOf: listed.asOf, reason, state: stateOf(reason) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...outcome, reason: error.reason, state: stateOf(error.reason) };
  }
}
