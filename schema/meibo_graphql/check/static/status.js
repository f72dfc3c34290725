// Token Status Lists: the list in a signed JWT, and one entry of it.
import { fromBase64URL } from "./encoding.js";
import { verifies } from "./es256.js";
import { demand, orRefuse, refuse, Refusal } from "./refusals.js";
import { instant, isFuture, isOver } from "./times.js";

const OLDEST = 24 * 3600; // Seconds after which no list is believed, whatever end it names.
const LARGEST = 4 * 2 ** 20; // Bytes that a list may unfold to.
const REVOKED = "revoked";
const REASON_OF = { 0: null, 2: "suspended" };

/** Why the entry says that a certificate does not hold; null where it holds. */
export function reasonAt({ bits, data }, index) {
  demand(index < (data.length * 8) / bits, "status_index");
  const place = index * bits;
  const entry = (data[Math.floor(place / 8)] >> place % 8) & ((1 << bits) - 1);
  return entry in REASON_OF ? REASON_OF[entry] : REVOKED;
}

/** The list of an address in its token, and as of when it is known. */
export async function read(token, uri, trust, at) {
  const { header, payload, signed, signature } = takenApart(token);
  demand(header.alg === "ES256" && header.typ === "statuslist+jwt", "status_type");
  demand(!("crit" in header) && !("b64" in header), "status_malformed");
  const { key } = await trust.certified(header.x5c, "status", at).catch(() => refuse("status_signer"));
  demand(await verifies(key, signature, signed), "status_signer");
  demand(payload.sub === uri, "status_subject");
  const asOf = checkAge(payload, at);
  const { ttl = 1 } = payload;
  demand(typeof ttl === "number" && ttl > 0, "status_malformed");
  return { ...(await listed(payload.status_list)), asOf };
}

function takenApart(token) {
  const [head, body, tail, more] = token.split(".");
  demand(tail !== undefined && more === undefined, "status_malformed");
  return {
    header: readJSON(head),
    payload: readJSON(body),
    signed: new TextEncoder().encode(`${head}.${body}`),
    signature: fromBase64URL(tail, "status_malformed"),
  };
}

function readJSON(text) {
  try {
    const found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(fromBase64URL(text, "status_malformed")));
    if (found && typeof found === "object" && !Array.isArray(found)) return found;
  } catch {
    // Refused below, like everything else that is no object.
  }
  throw new Refusal("status_malformed");
}

function checkAge({ iat, exp }, at) {
  const asOf = instant(iat, "status_malformed");
  const ends = exp === undefined ? Infinity : instant(exp, "status_malformed");
  demand(!isFuture(asOf, at) && !isOver(Math.min(asOf + OLDEST, ends), at), "status_age");
  return asOf;
}

async function listed(told) {
  demand(typeof told?.lst === "string", "status_malformed");
  const packed = fromBase64URL(told.lst, "status_malformed");
  demand([1, 2, 4, 8].includes(told.bits), "status_size");
  return { bits: told.bits, data: await orRefuse("status_malformed", () => unfold(packed)) };
}

/** What was packed with zlib; gives up before it grows too large. */
async function unfold(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      refuse("status_size");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
