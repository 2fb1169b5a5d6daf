/**
 * Links into a page: to a section (`#Predict`), to a moment of its first stage (`#t=42`), to one
 * of another stage (`#stage-2&t=42`); and from a place in the page to the same one on Binder.
 */
"use strict";

(() => {
  /** @type {(tag: string, attributes: Record<string, string>, text: string) => HTMLElement} */
  const make = (tag, attributes, text) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  /** What the address says: an element, and a tick or null. */
  function asked() {
    const parts = location.hash.slice(1).split("&");
    // A link to a run is for the widget that shows it.
    if (parts.some((part) => part.startsWith("run="))) return { element: null, tick: null };
    const told = parts.find((part) => /^t=\d+$/.test(part));
    const named = parts.find((part) => part && part !== told) ?? "";
    let element = null;
    try {
      element = named ? document.getElementById(decodeURIComponent(named)) : null;
    } catch {
      // Not an address that was made here.
    }
    if (told && !element) element = document.getElementById("stage-1");
    return { element, tick: told ? Number(told.slice(2)) : null };
  }

  class Places {
    /** @param {Models} models */
    constructor(models) {
      this.models = models;
      this.moved = false;
      for (const kind of ["wheel", "pointerdown", "keydown", "touchstart"]) {
        addEventListener(kind, () => (this.moved = true), { once: true, passive: true });
      }
      addEventListener("hashchange", () => this.go());
      document.addEventListener("click", ({ target }) => {
        const link = target instanceof Element ? target.closest("a.to-binder") : null;
        if (link instanceof HTMLAnchorElement) this.carry(link);
      });
    }

    /** The stage that the address asks for, to be made first. */
    get first() {
      return asked().element?.closest(".widget") ?? null;
    }

    /**
     * @param {HTMLElement} place
     * @returns {Promise<Model<PlayerTraits> | null>}
     */
    async player(place) {
      const [id] = this.models.players(place.dataset.model ?? "");
      return id ? this.models.manager.get_model(id) : null;
    }

    /** Show what the address asks for. */
    async go() {
      const { element, tick } = asked();
      if (!element) return;
      element.scrollIntoView();
      if (tick === null || !element.classList.contains("is-shown")) return;
      const player = await this.player(element);
      // Beyond a question that is not answered it does not go; the player says so.
      player?.set({ playing: false, tick: Math.min(tick, player.get("end")) });
    }

    /**
     * A widget is in its place.
     * @param {HTMLElement} place
     */
    async shown(place) {
      // Another run may be shown on the bench, of which this page's address says nothing.
      const bench = document.body.dataset.bench !== undefined;
      if (place.id.startsWith("stage-") && !bench) this.offer(place);
      if (place === this.first) await this.go();
    }

    /** All are there: what was asked for may have been pushed down meanwhile. */
    settled() {
      if (!this.moved) asked().element?.scrollIntoView();
    }

    /**
     * Below a stage: a button for a link to what it shows.
     * @param {HTMLElement} place
     */
    offer(place) {
      const said = make("span", { role: "status" }, "");
      const button = make("button", { type: "button" }, "Copy a link to this page at this tick");
      button.addEventListener("click", async () => {
        const player = await this.player(place);
        const tick = player?.get("tick") ?? 0;
        const link = `${location.href.split("#")[0]}#${place.id}&t=${tick}`;
        try {
          await navigator.clipboard.writeText(link);
          said.textContent = `Copied: a link to this page at tick ${tick}.`;
        } catch {
          history.replaceState(null, "", link);
          said.textContent = "The address of this page now leads to this tick.";
        }
      });
      const row = make("p", { class: "moment" }, "");
      row.append(button, " ", said);
      place.append(row);
    }

    /**
     * Let Binder open the notebook at the section in which the link stands.
     * @param {HTMLAnchorElement} link
     */
    carry(link) {
      const headings = [...document.querySelectorAll("main :is(h1, h2, h3)[id]")];
      const before = headings.filter(
        (one) => link.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING,
      );
      const heading = before.at(-1);
      const address = new URL(link.href);
      const path = (address.searchParams.get("urlpath") ?? "").split("#")[0];
      address.searchParams.set("urlpath", heading ? `${path}#${heading.id}` : path);
      link.href = address.href;
    }
  }

  window.kitPlaces = (/** @type {Models} */ models) => new Places(models);
})();
