// Keeps the page itself, so that it opens without a network. shell.js says what belongs to it, and which version.
importScripts("shell.js");

const { version, files } = self.SHELL;
const NAME = `meibo-check-${version}`;
const addresses = files.map((file) => new URL(file, self.location).href);

self.addEventListener("install", (event) => {
  const fresh = addresses.map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const address = event.request.url.split("#")[0];
  if (event.request.method === "GET" && addresses.includes(address)) event.respondWith(kept(address, event.request));
});

async function dropOlder() {
  const names = (await caches.keys()).filter((name) => /^meibo-check-[0-9a-f]/.test(name) && name !== NAME);
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function kept(address, request) {
  return (await (await caches.open(NAME)).match(address)) ?? fetch(request);
}
