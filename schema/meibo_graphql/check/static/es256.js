// Signatures under P-256 with SHA-256, by the browser's own cryptography.

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const LENGTH = 64;

/** The P-256 key of a certificate; null where it holds another. */
export async function keyOf(certificate) {
  try {
    return await certificate.publicKey.export(CURVE, ["verify"]);
  } catch {
    return null;
  }
}

export async function verifies(key, signature, signed) {
  if (signature.length !== LENGTH) return false;
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, signed);
}
