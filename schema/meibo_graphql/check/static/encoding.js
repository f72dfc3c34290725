// Base64, and Base64URL without padding, read strictly: what is not canonical is refused, not mended.
import { demand } from "./refusals.js";

export function toBase64URL(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromBase64URL(text, reason) {
  demand(/^[A-Za-z0-9_-]*$/.test(text) && text.length % 4 !== 1, reason);
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  // The last sign may hold spare bits, which say nothing and so must be nothing.
  demand(toBase64URL(bytes.subarray(-(bytes.length % 3 || 3))) === text.slice(-(text.length % 4 || 4)), reason);
  return bytes;
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
