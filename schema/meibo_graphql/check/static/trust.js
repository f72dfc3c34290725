// The trust list: whom we believe, and what for. It is read from /.well-known/trust.json.
import * as chain from "./chain.js";
import { fromBase64, toBase64URL } from "./encoding.js";
import { demand, orRefuse, refuse } from "./refusals.js";
import { X509Certificate, X509Crl } from "./vendor/libraries.js";

const VERSION = 1;
const LIST_NAME = /^[A-Za-z0-9_-]{1,64}$/;

export class Trust {
  constructor({ types, status, anchors, chains, crls }) {
    this.types = types;
    this.status = status;
    this.anchors = anchors;
    this.chains = chains;
    this.crls = crls;
  }

  /** The trust list of a document; refuses with trust_malformed. */
  static read(text) {
    return orRefuse("trust_malformed", async () => {
      const told = JSON.parse(text);
      demand(told.version === VERSION && told.status.every((each) => each.endsWith("/")), "trust_malformed");
      return new Trust({
        types: new Map(told.issuers.map(({ iss, types }) => [iss, types])),
        status: told.status,
        anchors: told.anchors.map((each) => new X509Certificate(each)),
        chains: new Map(await Promise.all(told.keys.map(async ({ x5c }) => [await thumbprint(x5c[0]), x5c]))),
        crls: (told.crls ?? []).map((each) => new X509Crl(fromBase64(each))),
      });
    });
  }

  /** The key of a chain up to one of the anchors. */
  async certified(x5c, purpose, at) {
    return chain.certified(await chain.parse(x5c), this.anchors, this.crls, purpose, at);
  }

  /** The published key of an id. */
  key(kid, purpose, at) {
    return this.certified(this.chains.get(kid) ?? refuse("key_unknown"), purpose, at);
  }

  /** The name of the list at an address, which must be right below one of the issuer's. */
  listName(uri) {
    const base = this.status.find((each) => uri.startsWith(each)) ?? refuse("status_forbidden");
    const name = uri.slice(base.length);
    demand(LIST_NAME.test(name), "status_forbidden");
    return name;
  }
}

/** The key id of a published certificate: the RFC 7638 thumbprint of its key, whatever the document says. */
async function thumbprint(certificate) {
  const key = await new X509Certificate(certificate).publicKey.export();
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", key);
  const canonical = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }));
  return toBase64URL(new Uint8Array(await crypto.subtle.digest("SHA-256", canonical)));
}
