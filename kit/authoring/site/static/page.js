/**
 * Puts the widgets of a page in their places.
 *
 * What is seen first is made first; the rest follows one by one, so that a page with many
 * widgets stays usable while they come, and is whole when it is printed.
 */
"use strict";

(() => {
  const REFERENCE = "IPY_MODEL_";
  const MARGIN = "400px"; // what is nearly in sight is made as if it were
  const LIBRARIES = ["anywidget", "bqplot", "bqscales"];

  const ASSETS = `${document.body.dataset.root ?? ""}assets`;

  window.requirejs.config({
    // Those of @jupyter-widgets are loaded already; this is where their fonts are looked for.
    paths: {
      "@jupyter-widgets": ASSETS,
      ...Object.fromEntries(LIBRARIES.map((name) => [name, `${ASSETS}/${name}`])),
    },
    waitSeconds: 0, // a slow machine is no error
  });

  /** @type {(...names: string[]) => Promise<Library[]>} */
  const load = (...names) =>
    new Promise((resolve, reject) => {
      window.requirejs(names, (...modules) => resolve(modules), reject);
    });

  /** Let the page be drawn and used before the next widget is made. */
  const pause = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

  /** The models of a page: which there are, and which of them are made. */
  class Models {
    /**
     * @param {States} state
     * @param {PageManager} manager
     * @param {Keeper} keeper
     */
    constructor(state, manager, keeper) {
      this.state = state;
      this.manager = manager;
      this.keeper = keeper;
      /** @type {PageKernel | null} */
      this.kernel = null;
      /** @type {Set<string>} */
      this.made = new Set();
    }

    /**
     * The ids of a model and of all that it refers to.
     * @param {string} id
     * @param {Set<string>} found
     */
    closure(id, found = new Set()) {
      if (found.has(id) || !(id in this.state)) return found;
      found.add(id);
      const visit = (/** @type {unknown} */ value) => {
        if (typeof value === "string") {
          if (value.startsWith(REFERENCE)) this.closure(value.slice(REFERENCE.length), found);
        } else if (value && typeof value === "object") Object.values(value).forEach(visit);
      };
      visit(this.state[id].state);
      return found;
    }

    /**
     * Make a model, and all that it refers to.
     * @param {string} id
     */
    async make(id) {
      const missing = [...this.closure(id)].filter((one) => !this.made.has(one));
      for (const one of missing) this.made.add(one);
      const state = Object.fromEntries(missing.map((one) => [one, this.whole(this.state[one])]));
      await this.manager.set_state({ version_major: 2, version_minor: 0, state });
      for (const one of missing) {
        const model = await this.manager.get_model(one);
        this.keeper.made(one, model);
        this.kernel?.made(one, model);
      }
      return this.manager.get_model(id);
    }

    /**
     * Let models be as they are stored.
     * @param {string[]} ids
     */
    async restore(ids) {
      const state = Object.fromEntries(ids.map((one) => [one, this.whole(this.state[one])]));
      await this.manager.set_state({ version_major: 2, version_minor: 0, state });
    }

    /**
     * Show in the places of a cell what Python has made of it.
     * @param {number} cell
     * @param {string[]} ids
     */
    async showAgain(cell, ids) {
      const places = [...document.querySelectorAll(/** @type {"div"} */ (".widget[data-model]"))];
      const own = places.filter((place) => place.dataset.model?.startsWith(`c${cell}-`));
      for (const [at, place] of own.entries()) {
        for (const old of place.querySelectorAll(":scope > .shown")) old.remove();
        if (!ids[at]) continue;
        place.dataset.model = ids[at];
        await show(place, this);
      }
    }

    /**
     * A model's state with the texts that many share, which the page holds once.
     * @param {StoredModel} one
     */
    whole(one) {
      const shared = window.kitTexts ?? {};
      const state = { ...one.state };
      for (const name of ["_esm", "_css"]) {
        const text = String(state[name]);
        if (text in shared) state[name] = shared[text];
      }
      return { ...one, state };
    }

    /**
     * The ids of the players that a model shows, in their order.
     * @param {string} id
     */
    players(id) {
      const ids = [...this.closure(id)];
      return ids.filter((one) => this.state[one].state._without_kernel?.role === "player");
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {Models} models
   */
  async function show(place, models) {
    const model = await models.make(place.dataset.model ?? "");
    const view = await models.manager.create_view(model);
    const target = document.createElement("div");
    target.className = "shown";
    place.append(target);
    await models.manager.display_view(view, target);
    place.classList.add("is-shown");
  }

  /**
   * Where to go on: what the address asks for, what is in sight, then from top to bottom.
   * @param {Set<HTMLElement>} waiting
   * @param {Set<Element>} near
   * @param {Element | null} first
   */
  function next(waiting, near, first) {
    const all = [...waiting];
    return all.find((one) => one === first) ?? all.find((one) => near.has(one)) ?? all[0];
  }

  /**
   * @param {HTMLElement[]} all
   * @param {Models} models
   * @param {PlacesOfPage} places
   */
  async function showAll(all, models, places) {
    const waiting = new Set(all);
    /** @type {Set<Element>} */
    const near = new Set();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) near.add(target);
          else near.delete(target);
        }
      },
      { rootMargin: MARGIN },
    );
    for (const place of all) observer.observe(place);
    await pause();
    while (waiting.size > 0) {
      const place = next(waiting, near, places.first);
      waiting.delete(place);
      observer.unobserve(place);
      try {
        await show(place, models);
        await places.shown(place);
      } catch (error) {
        // The words stay; whoever looks after the site finds the reason in the console.
        console.error(error);
        place.classList.add("is-broken");
      }
      await pause();
    }
    observer.disconnect();
    places.settled();
    document.body.dataset.shown = "all";
  }

  /**
   * What is stored in an element of the page, as JSON.
   * @param {string} id
   */
  function stored(id) {
    return JSON.parse(document.getElementById(id)?.textContent || "null");
  }

  /**
   * How Python comes to this page; nothing where it cannot.
   * @returns {PythonSettings | null}
   */
  function python() {
    const served = /^https?:$/.test(location.protocol);
    return served && "Worker" in window && "WebAssembly" in window ? stored("python") : null;
  }

  async function start() {
    /** @type {HTMLElement[]} */
    const all = [...document.querySelectorAll(/** @type {"div"} */ (".widget[data-model]"))];
    const settings = python();
    document.body.dataset.python = settings ? "there" : "missing";
    /** @type {States} */
    const state = { ...stored("widget-state"), ...(settings ? null : stored("without-kernel")) };
    const [{ HTMLManager }] = await load("@jupyter-widgets/html-manager");
    const loader = async (/** @type {string} */ name) => {
      if (!LIBRARIES.includes(name)) throw new Error(`This page has no library '${name}'.`);
      return (await load(name))[0];
    };
    const keeper = window.kitKeeper(state);
    const models = new Models(state, new HTMLManager({ loader }), keeper);
    if (settings) models.kernel = window.kitKernel(models, keeper, settings);
    await showAll(all, models, window.kitPlaces(models));
  }

  start();
})();
