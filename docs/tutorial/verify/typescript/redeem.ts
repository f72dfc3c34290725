// node out/redeem.js SERVER CLIENT KEY LINK
//
// Signs in as the partner CLIENT with its private key (a JWK's file), redeems the share of LINK, prints what it came to.
import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";

const REDEEM = `mutation($input: RedeemShareTokenInput!) { redeemShareToken(input: $input) {
  verification { outcome standing claims { name value } receipt } userErrors { code message(language: EN) } } }`;
const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const [server = "", client = "", keyFile = "", link = ""] = process.argv.slice(2);
const jwk = JSON.parse(readFileSync(keyFile, "utf8")) as JWK;
const key = await importJWK(jwk, "ES256");
const proofKey = await generateKeyPair("ES256");
const proofJwk = await exportJWK(proofKey.publicKey);

async function json<T>(path: string, request?: RequestInit): Promise<T> {
  const answer = await fetch(server + path, request ?? {});
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const signed = (claims: Record<string, string>, head: Record<string, unknown>) =>
  new SignJWT({ ...claims, jti: randomUUID() }).setProtectedHeader({ alg: "ES256", ...head }).setIssuedAt();

// What the server calls itself, which signatures name; behind a proxy that is its address.
const { issuer } = await json<{ issuer: string }>("/.well-known/oauth-authorization-server");

/** That we hold the key to which the token is bound (DPoP): one proof for each request. */
function proof(path: string, token?: string): Promise<string> {
  const ath: Record<string, string> = token ? { ath: createHash("sha256").update(token).digest("base64url") } : {};
  const claims = { htm: "POST", htu: issuer + path, ...ath };
  return signed(claims, { typ: "dpop+jwt", jwk: proofJwk }).sign(proofKey.privateKey);
}

/** An access token for ten minutes, for who we are by our key (private_key_jwt). */
async function signIn(): Promise<string> {
  const claims = { iss: client, sub: client, aud: issuer };
  const assertion = await signed(claims, { kid: jwk.kid }).setExpirationTime("1m").sign(key);
  const body = new URLSearchParams({
    grant_type: "client_credentials", client_assertion_type: ASSERTION, client_assertion: assertion,
  });
  const headers = { DPoP: await proof("/oauth/token") };
  return (await json<{ access_token: string }>("/oauth/token", { method: "POST", headers, body })).access_token;
}

const token = await signIn();
const input = { idempotencyKey: randomUUID(), token: link.slice(link.indexOf("#") + 1) };
const answer = await json<{ data: { redeemShareToken: unknown } }>("/verify/graphql", {
  method: "POST",
  headers: {
    Authorization: `DPoP ${token}`, DPoP: await proof("/verify/graphql", token), "Content-Type": "application/json",
  },
  body: JSON.stringify({ query: REDEEM, variables: { input } }),
});
console.log(JSON.stringify(answer.data.redeemShareToken));
