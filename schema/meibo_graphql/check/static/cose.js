// COSE_Sign1 under ES256 (RFC 9052, section 4.2), tagged 18.
import { demand, orRefuse } from "./refusals.js";
import { decodeCBOR, encodeCBOR, Tagged } from "./vendor/libraries.js";

const SIGN1 = 18;
const ALG = 1;
const CRIT = 2;
const ES256 = -7;
export const KID = 4;

const load = (bytes) =>
  orRefuse("malformed", () => decodeCBOR(bytes, { useMaps: true, tags: Tagged.preserve(SIGN1) }));

/** Take a message apart; nothing of it is believed yet. */
export async function read(message) {
  const tagged = await load(message);
  demand(tagged instanceof Tagged && Array.isArray(tagged.value) && tagged.value.length === 4, "malformed");
  const [head, open, body, signature] = tagged.value;
  demand(open instanceof Map && [head, body, signature].every((each) => each instanceof Uint8Array), "malformed");
  const [protected_, claims] = [await load(head), await load(body)];
  demand(protected_ instanceof Map && claims instanceof Map && !protected_.has(CRIT), "malformed");
  demand(protected_.get(ALG) === ES256, "algorithm");
  return { protected: protected_, claims, signed: toBeSigned(head, body), signature };
}

const toBeSigned = (head, body) => encodeCBOR(["Signature1", head, new Uint8Array(), body]);
