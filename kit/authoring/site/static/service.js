/**
 * Keeps what a reader has opened of this site, so that it is there without a network.
 *
 * With a network everything comes from the site, as it does without this file, and what has come
 * is kept. A new build of the site is another cache; that of the one before goes.
 */
"use strict";

const worker = /** @type {any} */ (self); // TypeScript takes it for a page
const SCOPE = new URL(".", location.href);
const SITE = `os-course-kit site ${SCOPE.pathname} `;
const CACHE = `${SITE}{{ build }}`;
const START = new URL("index.html", SCOPE).href;
/** What it loads. */
const OF_START = "{{ of start }}".split(" ").map((one) => new URL(one, SCOPE).href);
/** What is in these folders is named after its content. */
const NAMED = /\/assets\/python-[0-9a-f]+\//;
const ABSENT = `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not here yet</title><h1>This page is not here yet</h1>
<p>It is kept once it has been opened with a network. <a href="${START}">The pages of this course</a></p>`;

/**
 * Whether this is for us: a file of the site that is got whole. What is in lite/ has its own keeper.
 * @param {string} address
 */
const isOurs = (address) =>
  address.startsWith(SCOPE.href) && !address.startsWith(new URL("lite/", SCOPE).href);

/**
 * The file that an address leads to, without what only the page reads.
 * @param {string} address
 */
function fileOf(address) {
  const { origin, pathname } = new URL(address);
  return origin + (pathname.endsWith("/") ? `${pathname}index.html` : pathname);
}

/**
 * What is kept of this build; nothing where a browser keeps nothing, or once a new build has taken
 * over, which has thrown it away.
 * @returns {Promise<Cache | undefined>}
 */
async function kept() {
  if (worker.serviceWorker?.state === "redundant") return undefined;
  return caches.open(CACHE).catch(() => undefined);
}

/**
 * @param {Request} request
 * @param {(done: Promise<unknown> | undefined) => void} wait
 */
async function answer(request, wait) {
  const cache = await kept();
  const file = fileOf(request.url);
  const named = NAMED.test(file) && (await cache?.match(file));
  if (named) return named;
  try {
    const fresh = await fetch(request);
    if (fresh.status === 200 && !fresh.redirected) wait(cache?.put(file, fresh.clone()).catch(() => {}));
    return fresh;
  } catch (error) {
    const found = await cache?.match(file);
    if (found) return found;
    if (request.mode !== "navigate") throw error;
    return new Response(ABSENT, { status: 503, headers: { "Content-Type": "text/html" } });
  }
}

let keeping = Promise.resolve();

/**
 * Keep what a page has loaded before this was there. The browser has most of it at hand, and asks
 * the site only whether it is still so, since it can be of the build before. A page tells several
 * times what it has loaded: one after the other, so that nothing is asked for twice.
 * @param {string[]} addresses
 */
function keep(addresses) {
  keeping = keeping.then(async () => {
    for (const file of new Set(addresses.filter(isOurs).map(fileOf))) await keepFile(file);
  });
  return keeping;
}

/** @param {string} file */
async function keepFile(file) {
  try {
    const cache = await kept();
    if (!cache || (await cache.match(file))) return;
    const come = await fetch(file, { cache: "no-cache" });
    if (come.status === 200 && !come.redirected) await cache.put(file, come);
  } catch {
    // It is kept when it is next loaded.
  }
}

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith(SITE) && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(keep([START, ...OF_START]));
});
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(takeOver()));
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(keep(event.data.keep)));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range") || !isOurs(request.url)) return;
  event.respondWith(answer(request, (done) => event.waitUntil(done)));
});
