// What the check page takes from others: CBOR, X.509, QR codes.
import "reflect-metadata/lite"; // @peculiar/x509 asks for it.

export {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509Crl,
} from "@peculiar/x509";
export { decode as decodeCBOR, encode as encodeCBOR, Tagged } from "cborg";
export { decodeQR } from "qr/decode.js";
