/**
 * Lets the site's service worker keep this page and what it loads, for when there is no network.
 *
 * Where there is none (a page opened as a file, an old browser, a site without https), all is as
 * it would be without it.
 */
"use strict";

(() => {
  const served = /^https?:$/.test(location.protocol);
  const { serviceWorker } = navigator;
  if (!served || !serviceWorker) return;
  const root = new URL(document.body.dataset.root || ".", location.href);
  /** @type {Set<string>} */
  const loaded = new Set([location.href]);

  async function tell() {
    const { active } = await serviceWorker.ready;
    active?.postMessage({ keep: [...loaded] });
  }

  /** @param {string[]} addresses */
  function add(addresses) {
    for (const one of addresses) loaded.add(one);
    tell();
  }

  async function register() {
    try {
      await serviceWorker.register(new URL("service.js", root));
    } catch {
      return; // a browser may refuse it
    }
    const note = new PerformanceObserver((list) => add(list.getEntries().map(({ name }) => name)));
    note.observe({ type: "resource", buffered: true });
  }

  window.kitOffline = add;
  // A new build of the site begins with nothing.
  serviceWorker.addEventListener("controllerchange", tell);
  // What it fetches comes after all that this page shows.
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
})();
