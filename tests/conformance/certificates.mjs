// node certificates.mjs FILE: software by others reads our certificates and status list tokens.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { StatusList } from "@owf/token-status-list";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK, importX509, jwtVerify } from "jose";
import { check } from "./report.mjs";

const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (v) => (v && typeof v === "object" && !Array.isArray(v)
  ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v);
const bytes = (text) => Buffer.from(text, "base64url");

async function verifies(key, data, signature) {
  try {
    await compactVerify(`${data}.${signature}`, key);
    return true;
  } catch {
    return false;
  }
}

const certificateKey = await importX509(given.keys.certificate.pem, "ES256");
const statusKey = await importX509(given.keys.status.pem, "ES256");
const vc = new SDJwtVcInstance({
  hasher: (data, algorithm) => new Uint8Array(createHash(algorithm.replace("-", "")).update(typeof data === "string" ? data : Buffer.from(data)).digest()),
  hashAlg: "sha-256",
  verifier: (data, signature) => verifies(certificateKey, data, signature),
  statusVerifier: (data, signature) => verifies(statusKey, data, signature),
  kbVerifier: async (data, signature, payload) => verifies(await importJWK(payload.cnf.jwk, "ES256"), data, signature),
  statusListFetcher: async (uri) => {
    if (uri !== given.list) throw new Error(`no list at ${uri}`);
    return given.statusJwt;
  },
});
const verify = (text) => vc.verify(text, { keyBindingNonce: given.nonce, requiredClaimKeys: ["iss", "vct", "cnf", "status"] });

async function refuses(name, act) {
  try {
    await act();
    check(name, false, "it was accepted");
  } catch (error) {
    check(name, true, error);
  }
}

async function checkPresentations() {
  const { payload, header, kb } = await verify(given.presentation);
  const { iss, iat, exp, vct, cnf, status, ...claims } = payload;
  check("@sd-jwt/sd-jwt-vc accepts a presentation", header.typ === "dc+sd-jwt" && header.alg === "ES256");
  check("@sd-jwt/sd-jwt-vc reads every claim, nested ones too", same(claims, given.claims), JSON.stringify(claims));
  check("@sd-jwt/sd-jwt-vc reads the key binding", kb.payload.aud === given.audience && kb.payload.nonce === given.nonce);
  check("90 days", exp - iat === 90 * 86400, exp - iat);
  check("iat is a midnight in Japan", (iat + 9 * 3600) % 86400 === 0, iat);
  const part = (await verify(given.part)).payload;
  check("@sd-jwt/sd-jwt-vc reads what was disclosed alone", part.birth_date === given.claims.birth_date && !("full_name" in part) && !("name" in part));
  await refuses("@sd-jwt/sd-jwt-vc refuses a suspended one by its status", () => verify(given.suspended));
  await refuses("@sd-jwt/sd-jwt-vc refuses a revoked one by its status", () => verify(given.revoked));
  await refuses("@sd-jwt/sd-jwt-vc refuses a changed one", () => verify(given.presentation.replace(/\.[^.~]{4}/, ".AAAA")));
}

async function checkJOSE() {
  const [signed] = given.presentation.split("~");
  const { payload } = await jwtVerify(signed, certificateKey, { issuer: given.iss, typ: "dc+sd-jwt", algorithms: ["ES256"] });
  check("jose verifies the signed part", payload.iss === given.iss);
  const header = decodeProtectedHeader(signed);
  const pem = `-----BEGIN CERTIFICATE-----\n${header.x5c[0]}\n-----END CERTIFICATE-----`;
  check("jose reads the key in x5c, which leaves the anchor out", header.x5c.length === 1 && (await importX509(pem, "ES256")).type === "public");
  for (const [purpose, key] of Object.entries(given.keys)) {
    check(`jose makes the same thumbprint of the ${purpose} key`, (await calculateJwkThumbprint(key.jwk)) === key.kid);
  }
  const list = await jwtVerify(given.statusJwt, statusKey, { subject: given.list, typ: "statuslist+jwt" });
  check("jose verifies the status list token", list.payload.ttl === 30, list.payload.ttl);
}

function checkStatusLists() {
  for (const { bits, lst, entries } of given.official) {
    const list = StatusList.decompressStatusListFromBytes(bytes(lst), bits);
    check(`the official vector of ${bits} bits decodes alike elsewhere`, Object.entries(entries).every(([i, v]) => list.getStatus(Number(i)) === v));
  }
}

for (const part of [checkPresentations, checkJOSE, checkStatusLists]) {
  try {
    await part();
  } catch (error) {
    check(part.name, false, error.stack);
  }
}
