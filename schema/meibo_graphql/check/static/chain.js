// Chains of certificates: path, validity, purpose, revocation (RFC 5280), each failing by its own reason.
import { keyOf } from "./es256.js";
import { demand, orRefuse, refuse } from "./refusals.js";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from "./vendor/libraries.js";

const LONGEST = 4;
const LARGEST = 8192;
// 2.25.168874824959178130978971181482716895745 as asn1js writes so large an arc: by its groups of seven bits.
const ARC = "2.25.{017e0c0d6d124d322c1d1c2c1a6774683c3401}";
const USAGE = { qr: `${ARC}.2`, status: `${ARC}.3` };
const { digitalSignature, keyCertSign } = KeyUsageFlags;

/** The certificates of an `x5c` header. */
export function parse(x5c) {
  demand(Array.isArray(x5c) && x5c.length >= 1 && x5c.length <= LONGEST, "chain_untrusted");
  demand(x5c.every((each) => typeof each === "string" && each.length <= LARGEST), "chain_untrusted");
  return orRefuse("chain_untrusted", () => x5c.map((each) => new X509Certificate(each)));
}

/** The key and the names of a chain's first certificate, which is for this purpose and stands at an instant. */
export async function certified(chain, anchors, crls, purpose, at) {
  const path = await pathOf(chain, anchors);
  demand(path.every((each) => stands(each, at)), "chain_expired");
  for (const [index, each] of path.slice(0, -1).entries()) await checkRevocation(each, path[index + 1], crls, at);
  return { key: await keyFor(path[0], purpose), names: namesOf(path[0]) };
}

/** The chain up to and with its anchor. */
async function pathOf([leaf, ...others], anchors) {
  const path = [leaf];
  while (path.length <= LONGEST) {
    const anchor = await firstOf(anchors, (each) => hasSigned(each, path.at(-1)));
    if (anchor) return [...path, anchor];
    const next = others.shift();
    if (!next || !(await hasSigned(next, path.at(-1)))) break;
    path.push(next);
  }
  return refuse("chain_untrusted");
}

async function hasSigned(issuer, certificate) {
  if (issuer.subject !== certificate.issuer || !isAuthority(issuer)) return false;
  return certificate.verify({ publicKey: issuer, signatureOnly: true }).catch(() => false);
}

function isAuthority(certificate) {
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages ?? 0;
  return Boolean(certificate.getExtension(BasicConstraintsExtension)?.ca && usages & keyCertSign);
}

const stands = ({ notBefore, notAfter }, at) => notBefore.getTime() <= at * 1000 && at * 1000 < notAfter.getTime();

/** The newest list that an authority signed revokes nothing of the path, and is not over. */
async function checkRevocation(certificate, issuer, crls, at) {
  const own = [];
  for (const crl of crls) {
    if (crl.issuer === issuer.subject && (await crl.verify({ publicKey: issuer }).catch(() => false))) own.push(crl);
  }
  const newest = own.sort((one, other) => other.thisUpdate - one.thisUpdate)[0];
  if (!newest) return;
  demand(newest.nextUpdate && newest.nextUpdate.getTime() > at * 1000, "crl_old");
  demand(!newest.findRevoked(certificate.serialNumber), "chain_revoked");
}

async function keyFor(leaf, purpose) {
  const usages = leaf.getExtension(KeyUsagesExtension)?.usages ?? 0;
  const extended = leaf.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  demand(extended.includes(USAGE[purpose]), "chain_purpose");
  demand(usages & digitalSignature && !(usages & keyCertSign), "chain_purpose");
  return (await keyOf(leaf)) ?? refuse("chain_purpose");
}

/** The URIs that a certificate is for. */
function namesOf(leaf) {
  const names = leaf.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter((each) => each.type === "url").map((each) => each.value);
}

async function firstOf(all, holds) {
  for (const each of all) if (await holds(each)) return each;
  return undefined;
}
