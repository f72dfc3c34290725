// node out/check.js TRUST STATUSES AUDIENCE NONCE < presentation
//
// Checks an SD-JWT VC without asking anybody: TRUST is the issuer's trust list, whose root you compared once by phone;
// STATUSES is a folder of status lists, fetched within the last minutes.
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { type CryptoKey, compactVerify, decodeProtectedHeader, importJWK, importX509, type JWK, jwtVerify } from "jose";

interface Trust {
  issuers: { iss: string; types: string[] }[];
  status: string[];
  anchors: string[];
}

const ARC = "2.25.168874824959178130978971181482716895745";
const USAGE = { certificate: `${ARC}.1`, status: `${ARC}.3` };
const TECHNICAL = new Set(["iss", "iat", "nbf", "exp", "vct", "cnf", "status"]);
const SKEW = 60, OLDEST_BINDING = 300, OLDEST_STATUS = 900;

class Refused extends Error {}

function demand(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new Refused(reason);
}

/** The certificate that signed a token: one, right below an anchor of the trust list. */
function certificateOf(token: string, trust: Trust, usage: string): X509Certificate {
  const { x5c } = decodeProtectedHeader(token);
  demand(x5c?.length === 1 && x5c[0], "chain");
  const leaf = new X509Certificate(Buffer.from(x5c[0], "base64"));
  const anchors = trust.anchors.map((each) => new X509Certificate(Buffer.from(each, "base64")));
  demand(anchors.some((anchor) => leaf.checkIssued(anchor) && leaf.verify(anchor.publicKey)), "chain");
  demand(leaf.keyUsage?.includes(usage), "purpose");
  const now = Date.now();
  demand(Date.parse(leaf.validFrom) <= now && now < Date.parse(leaf.validTo), "chain_expired");
  return leaf;
}

const keyOf = (leaf: X509Certificate): Promise<CryptoKey> => importX509(leaf.toString(), "ES256");
const names = (leaf: X509Certificate) => (leaf.subjectAltName ?? "").split(", ");

async function signs(key: CryptoKey | Uint8Array, data: string, signature: string): Promise<boolean> {
  return compactVerify(`${data}.${signature}`, key, { algorithms: ["ES256"] }).then(() => true, () => false);
}

/** The issuer's list at an address, signed lately. */
async function statusList(uri: string, trust: Trust, folder: string): Promise<string> {
  demand(trust.status.some((each) => uri.startsWith(each)), "status_forbidden");
  const token = readFileSync(join(folder, uri.slice(uri.lastIndexOf("/") + 1)), "utf8").trim();
  const key = await keyOf(certificateOf(token, trust, USAGE.status));
  await jwtVerify(token, key, {
    algorithms: ["ES256"], typ: "statuslist+jwt", subject: uri, maxTokenAge: OLDEST_STATUS, clockTolerance: SKEW,
  });
  return token;
}

/** Each disclosure stands once, and names a claim: the libraries take more. */
function demandDisclosures(disclosures: string[]): void {
  demand(new Set(disclosures).size === disclosures.length, "disclosure");
  for (const each of disclosures) {
    const told: unknown = JSON.parse(Buffer.from(each, "base64url").toString());
    demand(Array.isArray(told) && told.length === 3 && !["_sd", "..."].includes(told[1]), "disclosure");
  }
}

/** The claims that are shown; throws. */
async function check(presentation: string, trust: Trust, folder: string, audience: string, nonce: string) {
  const [token = ""] = presentation.split("~");
  const leaf = certificateOf(token, trust, USAGE.certificate);
  const key = await keyOf(leaf);
  const { payload } = await jwtVerify(token, key, { algorithms: ["ES256"], typ: "dc+sd-jwt", clockTolerance: SKEW });
  demand((payload["status"] as { status_list?: { uri?: string } } | undefined)?.status_list?.uri, "status_missing");
  demandDisclosures(presentation.split("~").slice(1, -1));
  const issuer = trust.issuers.find((each) => each.iss === payload.iss);
  demand(payload.exp && names(leaf).includes(`URI:${payload.iss}`), "issuer");
  demand(issuer?.types.includes(String(payload["vct"])), "issuer");
  const vc = new SDJwtVcInstance({
    hashAlg: "sha-256",
    hasher: (data: string | ArrayBuffer | Uint8Array) =>
      new Uint8Array(createHash("sha256").update(typeof data === "string" ? data : Buffer.from(data as Uint8Array)).digest()),
    verifier: (data: string, signature: string) => signs(key, data, signature),
    kbVerifier: async (data: string, signature: string, signed: { cnf?: { jwk: unknown } }) =>
      signs(await importJWK(signed.cnf?.jwk as JWK, "ES256"), data, signature),
    statusListFetcher: (uri: string) => statusList(uri, trust, folder),
    statusVerifier: async () => true, // `statusList` has verified it.
    statusValidator: async (status: number) => demand(status === 0, status === 2 ? "SUSPENDED" : "REVOKED"),
  });
  const { payload: claims, kb } = await vc.verify(presentation, {
    keyBindingNonce: nonce, requiredClaimKeys: ["iss", "vct", "cnf", "status"], skewSeconds: SKEW,
  });
  demand(kb?.payload.aud === audience, "audience");
  const age = Date.now() / 1000 - kb.payload.iat;
  demand(-SKEW <= age && age <= OLDEST_BINDING + SKEW, "key_binding_old");
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !TECHNICAL.has(name)));
}

/** The reason that we gave ourselves, wherever the libraries wrapped it. */
function reasonOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof Refused) return each.message;
    const own = /(SUSPENDED|REVOKED)/.exec(each.message);
    if (own?.[1]) return own[1];
  }
  return "malformed";
}

const [trust = "", folder = "", audience = "", nonce = ""] = process.argv.slice(2);
try {
  const presentation = readFileSync(0, "utf8").trim();
  const claims = await check(presentation, JSON.parse(readFileSync(trust, "utf8")), folder, audience, nonce);
  console.log(JSON.stringify({ outcome: "VALID", claims }));
} catch (error) {
  const reason = reasonOf(error);
  console.log(JSON.stringify({ outcome: ["SUSPENDED", "REVOKED"].includes(reason) ? reason : "INVALID", reason }));
  process.exitCode = 1;
}
