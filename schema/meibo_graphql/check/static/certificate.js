// A QR certificate, from its link or bare: everything but its status.
import * as cose from "./cose.js";
import { fromBase64URL, toBase64URL } from "./encoding.js";
import { verifies } from "./es256.js";
import { demand, refuse } from "./refusals.js";
import { instant, isFuture, isOver } from "./times.js";

const [EXP, NBF, IAT, STATUS, LICENCE, TYPE] = [4, 5, 6, 65535, -65537, "vct"];
const LARGEST = 4096; // Characters of a link: more than any QR code holds.
const LONGEST_URI = 512;

/** What a certificate says, once its signature, issuer and days hold. */
export async function check(text, trust, at) {
  const message = await cose.read(messageOf(text));
  const { iss, types } = await signer(message, trust, at);
  const licence = message.claims.get(LICENCE);
  const type = licence instanceof Map ? licence.get(TYPE) : undefined;
  demand(typeof type === "string", "claim_missing");
  demand(types.includes(type), "type_foreign");
  const expiresAt = checkDays(message.claims, at);
  const status = reference(message.claims.get(STATUS));
  const told = [...licence].filter(([name]) => name !== TYPE).map(([name, value]) => [String(name), plain(value)]);
  return { iss, type, claims: Object.fromEntries(told), expiresAt, status };
}

function messageOf(text) {
  demand(text.length <= LARGEST, "too_large");
  return fromBase64URL(text.slice(text.lastIndexOf("#") + 1), "malformed");
}

/** The name under which the signing key issues, and the types of that name. */
async function signer(message, trust, at) {
  const kid = message.protected.get(cose.KID);
  demand(kid instanceof Uint8Array, "key_unknown");
  const { key, names } = await trust.key(toBase64URL(kid), "qr", at);
  demand(await verifies(key, message.signature, message.signed), "signature");
  const iss = [...trust.types.keys()].find((name) => names.includes(name)) ?? refuse("issuer");
  return { iss, types: trust.types.get(iss) };
}

function checkDays(claims, at) {
  const starts = [instant(claims.get(IAT), "claim_missing")];
  if (claims.has(NBF)) starts.push(instant(claims.get(NBF), "malformed"));
  demand(!isFuture(Math.max(...starts), at), "not_yet_valid");
  const expiresAt = instant(claims.get(EXP), "claim_missing");
  demand(!isOver(expiresAt, at), "expired");
  return expiresAt;
}

/** Where the status stands: a list's address and an index in it. */
function reference(status) {
  demand(status !== undefined && status !== null, "claim_missing");
  const found = status instanceof Map ? status.get("status_list") : undefined;
  demand(found instanceof Map, "status_malformed");
  const [index, uri] = [found.get("idx"), found.get("uri")];
  demand(Number.isInteger(index) && typeof uri === "string", "status_malformed");
  demand(index >= 0, "status_index");
  demand(uri.length <= LONGEST_URI, "status_malformed");
  return { index, uri };
}

/** Maps as objects, all the way down. */
function plain(value) {
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([name, inner]) => [String(name), plain(inner)]));
}
