// What was fetched, kept for the day without a network: the trust list and the status lists, each with its instant.
import { demand, refuse } from "./refusals.js";
import { Trust } from "./trust.js";

const CACHE = "meibo-published";
const FETCHED_AT = "fetched-at";
const TRUST_FRESH = 300; // Seconds for which the trust list is not asked for again.
const TRUST_OLDEST = 7 * 24 * 3600; // The next key is published so long before it signs.
const LIST_FRESH = 30;
const PATIENCE_MS = 5000;
const MOST_LISTS = 64;

export class Store {
  /** `base` is the address below which /.well-known/ and /status/ stand: always our own. */
  constructor(base) {
    this.base = base;
  }

  /** The trust list, no older than a week; refuses with a trust_… reason. */
  async trust(at) {
    const found = await this.#document(".well-known/trust.json", TRUST_FRESH, at);
    demand(found, "trust_unreachable");
    demand(at - found.fetchedAt < TRUST_OLDEST, "trust_old");
    return Trust.read(found.text);
  }

  /** The token of a status list; how old it may be, its reader judges. */
  async token(name, at) {
    const found = await this.#document(`status/${name}`, LIST_FRESH, at);
    return found?.text ?? refuse("status_unreachable");
  }

  /** Fetch the trust list and every list in use, so that they are here when the network is not. */
  async refresh(at) {
    await this.#document(".well-known/trust.json", TRUST_FRESH, at);
    const listed = await this.#document(".well-known/lists.json", LIST_FRESH, at);
    const addresses = listed ? JSON.parse(listed.text).status_lists.slice(0, MOST_LISTS) : [];
    await Promise.all(addresses.map((uri) => this.#document(`status/${uri.split("/").pop()}`, LIST_FRESH, at)));
  }

  /** When the oldest of what is kept was fetched; null where there is no trust list yet. */
  async oldest() {
    const cache = await caches.open(CACHE);
    if (!(await cache.match(this.#address(".well-known/trust.json")))) return null;
    const kept = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
    return Math.min(...kept.map((each) => Number(each.headers.get(FETCHED_AT))));
  }

  /** What stands at a path: as it was kept, if lately; else as it is; else as it was kept, however long ago. */
  async #document(path, fresh, at) {
    const cache = await caches.open(CACHE);
    const kept = await read(await cache.match(this.#address(path)));
    if (kept && Math.abs(at - kept.fetchedAt) < fresh) return kept;
    try {
      return await this.#fetched(cache, path, at);
    } catch {
      return kept;
    }
  }

  async #fetched(cache, path, at) {
    const options = { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout(PATIENCE_MS) };
    const answer = await fetch(this.#address(path), options);
    if (!answer.ok) throw new Error(`${answer.status}`);
    const text = await answer.text();
    await cache.put(this.#address(path), new Response(text, { headers: { [FETCHED_AT]: String(at) } }));
    return { text, fetchedAt: at };
  }

  #address(path) {
    return new URL(path, this.base).href;
  }
}

async function read(kept) {
  return kept ? { text: await kept.text(), fetchedAt: Number(kept.headers.get(FETCHED_AT)) } : null;
}
