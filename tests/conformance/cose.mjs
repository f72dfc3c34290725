// node cose.mjs FILE: @auth0/cose reads our QR certificates and status list tokens. In a process of its own: the
// packages of certificates.mjs claim COSE's tags of the CBOR library for themselves.
import { readFileSync } from "node:fs";
import { Sign1 } from "@auth0/cose";
import { importJWK } from "jose";
import { check } from "./report.mjs";

const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64url"));

const key = await importJWK(given.keys.qr.jwk, "ES256");
const message = Sign1.decode(bytes(given.qr));
await message.verify(key);
check("@auth0/cose verifies a QR certificate", true);
check("a QR certificate names its key", Buffer.from(message.protectedHeaders.get(4)).toString("base64url") === given.keys.qr.kid);

const tampered = bytes(given.qr);
tampered[tampered.length - 70] ^= 1;
try {
  await Sign1.decode(tampered).verify(key);
  check("@auth0/cose refuses a tampered QR certificate", false, "it was accepted");
} catch (error) {
  check("@auth0/cose refuses a tampered QR certificate", true, error);
}

await Sign1.decode(bytes(given.statusCwt)).verify(await importJWK(given.keys.status.jwk, "ES256"));
check("@auth0/cose verifies the status list token in CWT", true);
