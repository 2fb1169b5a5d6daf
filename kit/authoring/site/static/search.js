/**
 * Search over all pages of the site, in the browser: what is searched comes when it is first needed.
 *
 * Each word that was typed has to begin a word of a section. What is found in headings comes first.
 */
"use strict";

(() => {
  const MOST = 30; // places that are listed
  const AROUND = 60; // characters that are shown before and after what was found
  const PATIENCE = 150; // ms after the last key
  const HEADING = 8; // what a word counts in a heading, where one in a text counts 1
  const BLANKS = /[^\p{L}\p{N}_]+/u;

  /** @type {(text: string) => string} */
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  /** @type {(text: string) => string[]} */
  const words = (text) => plain(text).split(BLANKS).filter(Boolean);

  /** @type {Promise<SearchEntry[]> | undefined} */
  let loading;
  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root ?? ""}assets/search-index.js`;
      script.onload = () => resolve(window.kitSearchIndex ?? []);
      script.onerror = () => {
        loading = undefined;
        reject(new Error("it is not there"));
      };
      document.head.append(script);
    });
    return loading;
  }

  /**
   * How well a section fits; 0 if one of the words is not there.
   * @param {SearchEntry} entry
   * @param {string[]} asked
   */
  function fit(entry, asked) {
    entry.words ??= { heading: words(`${entry.title} ${entry.heading}`), text: words(entry.text) };
    const { heading, text } = entry.words;
    let sum = 0;
    for (const one of asked) {
      const count = text.filter((word) => word.startsWith(one)).length;
      const found = (heading.some((word) => word.startsWith(one)) ? HEADING : 0) + Math.min(count, 5);
      if (found === 0) return 0;
      sum += found;
    }
    return sum;
  }

  /**
   * What is around the first word that was found, with all such words marked.
   * @param {string} text
   * @param {string[]} asked
   */
  function around(text, asked) {
    const starts = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].filter(([word]) =>
      asked.some((one) => plain(word).startsWith(one)),
    );
    const at = starts[0]?.index ?? 0;
    const from = at > AROUND ? text.indexOf(" ", at - AROUND) + 1 : 0;
    const to = at + AROUND < text.length ? text.lastIndexOf(" ", at + 2 * AROUND) : text.length;
    const line = document.createElement("span");
    line.className = "around";
    let done = from;
    line.append(from > 0 ? "… " : "");
    for (const one of starts) {
      const end = one.index + one[0].length;
      if (end > to) break;
      const mark = document.createElement("mark");
      mark.textContent = one[0];
      line.append(text.slice(done, one.index), mark);
      done = end;
    }
    line.append(text.slice(done, Math.max(to, done)), to < text.length ? " …" : "");
    return line;
  }

  class Search {
    /** @param {HTMLElement} place */
    constructor(place) {
      this.field = document.createElement("input");
      this.field.type = "search";
      this.field.id = "search-field";
      this.field.autocomplete = "off";
      const label = document.createElement("label");
      label.htmlFor = this.field.id;
      label.textContent = "Search all pages";
      this.said = document.createElement("p");
      this.said.setAttribute("role", "status");
      this.list = document.createElement("ol");
      this.list.className = "found";
      place.append(label, this.field, this.said, this.list);
      place.hidden = false;
      this.asked = "";
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      this.waiting = undefined;
      // Whoever goes there is about to search.
      this.field.addEventListener("focus", () => load().catch(() => undefined), { once: true });
      this.field.addEventListener("input", () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.search(), PATIENCE);
      });
      place.addEventListener("keydown", (event) => this.key(event));
    }

    /** @returns {HTMLElement[]} */
    get links() {
      return [...this.list.querySelectorAll("a")];
    }

    /** @param {KeyboardEvent} event */
    key(event) {
      const all = [this.field, ...this.links];
      const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && at >= 0) {
        event.preventDefault();
        all[Math.min(all.length - 1, Math.max(0, at + step))].focus();
      } else if (event.key === "Escape") {
        this.field.value = "";
        this.search();
        this.field.focus();
      } else if (event.key === "Enter" && event.target === this.field) {
        this.search().then(() => this.links[0]?.focus());
      }
    }

    async search() {
      clearTimeout(this.waiting);
      const asked = words(this.field.value);
      this.asked = asked.join(" ");
      if (asked.length === 0) return this.show([], asked, "");
      try {
        const entries = await load();
        if (this.asked !== asked.join(" ")) return undefined; // something else was typed meanwhile
        const fits = entries.map((entry) => ({ entry, sum: fit(entry, asked) }));
        const found = fits.filter(({ sum }) => sum > 0).sort((a, b) => b.sum - a.sum);
        const pages = new Set(found.map(({ entry }) => entry.page)).size;
        const first = found.length > MOST ? ` These are the first ${MOST}.` : "";
        const count = `${found.length} ${found.length === 1 ? "place" : "places"}`;
        const said = `${count} on ${pages} ${pages === 1 ? "page" : "pages"}.${first}`;
        const shown = found.slice(0, MOST).map(({ entry }) => entry);
        return this.show(shown, asked, found.length > 0 ? said : "Nothing was found.");
      } catch {
        return this.show([], asked, "The search could not be loaded. Try again.");
      }
    }

    /**
     * @param {SearchEntry[]} entries
     * @param {string[]} asked
     * @param {string} said
     */
    show(entries, asked, said) {
      this.said.textContent = said;
      const root = document.body.dataset.root ?? "";
      this.list.replaceChildren(
        ...entries.map((entry) => {
          const link = document.createElement("a");
          const path = entry.page.split("/").map(encodeURIComponent).join("/");
          link.href = `${root}${path}${entry.anchor ? `#${encodeURIComponent(entry.anchor)}` : ""}`;
          const same = !entry.heading || entry.heading === entry.title;
          link.textContent = same ? entry.title : `${entry.title}: ${entry.heading}`;
          const item = document.createElement("li");
          item.append(link, document.createElement("br"), around(entry.text, asked));
          return item;
        }),
      );
    }
  }

  const place = document.getElementById("search");
  if (!place) return;
  const search = new Search(place);
  // A link from another page leads to the field.
  const go = () => location.hash === "#search" && search.field.focus();
  addEventListener("hashchange", go);
  addEventListener("load", () => requestAnimationFrame(go));
})();
