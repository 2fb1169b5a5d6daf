/** Models of widgets without a page and without a kernel, which keep what is done to them. */
import { isDeepStrictEqual } from "node:util";

/**
 * A model as ipywidgets has them on Backbone: a change is heard of where the value is another
 * one, and `save_changes` tells Python what was set here and not there.
 * @template {object} Traits
 * @implements {Model<Traits>}
 */
export class FakeModel {
  /**
   * @param {FakeManager} manager
   * @param {Traits} traits
   */
  constructor(manager, traits) {
    this.widget_manager = manager;
    /** @type {Traits & LaidOut} */
    this.traits = { layout: null, ...traits };
    /** @type {Partial<Traits>[]} what each call of `set` gave */
    this.sets = [];
    /** @type {Partial<Traits>[]} what each call of `save_changes` told Python */
    this.saved = [];
    /** @type {Message[]} */
    this.messages = [];
    /** @type {[string, (...told: never[]) => void][]} */
    this.heard = [];
    /** @type {Partial<Traits>} */
    this.unsaved = {};
    /** @type {Partial<Traits> | null} while Python sets something */
    this.given = null;
    /** @type {{before: Traits, changed: Partial<Traits>} | null} while something is being set */
    this.changing = null;
  }

  /**
   * @template {keyof (Traits & LaidOut)} Name
   * @param {Name} name
   */
  get(name) {
    return this.traits[name];
  }

  /**
   * @param {keyof Traits | Partial<Traits>} first
   * @param {unknown} [value]
   */
  set(first, value) {
    const patch = /** @type {Partial<Traits>} */ (typeof first === "object" ? first : { [first]: value });
    if (this.given === null) this.sets.push(patch);
    const outermost = this.changing === null;
    this.changing ??= { before: { ...this.traits }, changed: {} };
    const { before, changed } = this.changing;
    const names = /** @type {(keyof Traits)[]} */ (Object.keys(patch));
    const news = names.filter((name) => !isDeepStrictEqual(this.traits[name], patch[name]));
    for (const name of names) {
      if (isDeepStrictEqual(before[name], patch[name])) delete changed[name];
      else changed[name] = patch[name];
    }
    Object.assign(this.traits, patch);
    for (const name of news) this.trigger(`change:${String(name)}`);
    if (outermost) this.changing = null;
    for (const name of /** @type {(keyof Traits)[]} */ (Object.keys(changed))) {
      const python = this.given !== null && name in this.given && this.given[name] === changed[name];
      if (!python) this.unsaved[name] = changed[name];
    }
  }

  /**
   * Python has set traits.
   * @param {Partial<Traits>} traits
   */
  receive(traits) {
    this.given = traits;
    this.set(traits);
    this.given = null;
  }

  /**
   * @param {string} events
   * @param {(...told: never[]) => void} listener
   */
  on(events, listener) {
    for (const event of events.split(" ")) this.heard.push([event, listener]);
  }

  /**
   * @param {string} events
   * @param {(...told: never[]) => void} listener
   */
  off(events, listener) {
    const gone = events.split(" ");
    this.heard = this.heard.filter(([event, one]) => !(gone.includes(event) && one === listener));
  }

  /** @param {string} name of an event */
  trigger(name) {
    // One that is taken off meanwhile is heard of no more.
    for (const [event, listener] of [...this.heard]) {
      if (event === name && this.heard.some(([, one]) => one === listener)) listener();
    }
  }

  save_changes() {
    if (Object.keys(this.unsaved).length > 0) this.saved.push(this.unsaved);
    this.unsaved = {};
  }

  /** @param {Message} message */
  send(message) {
    this.messages.push(message);
  }
}

/** Knows all models; a test may let one of them wait, or fail. */
export class FakeManager {
  constructor() {
    /** @type {Map<string, FakeModel<object>>} */
    this.models = new Map();
    /** @type {Map<string, Promise<void>>} what is waited for before a model is there */
    this.waits = new Map();
    /** @type {string[]} */
    this.asked = [];
  }

  /**
   * @template {object} Traits
   * @param {string} id
   * @param {Traits} traits
   */
  make(id, traits) {
    const model = new FakeModel(this, traits);
    this.models.set(id, model);
    return model;
  }

  /**
   * @template {object} Traits
   * @param {string} id
   * @returns {Promise<Model<Traits>>}
   */
  async get_model(id) {
    this.asked.push(id);
    await this.waits.get(id);
    const model = this.models.get(id);
    if (!model) throw new Error(`there is no model ${id}`);
    return /** @type {Model<Traits>} */ (/** @type {unknown} */ (model));
  }

  /**
   * Let a model wait; what is returned lets it come, or fail.
   * @param {string} id
   */
  hold(id) {
    /** @type {{come: () => void, fail: (error: Error) => void}} */
    const later = { come: () => {}, fail: () => {} };
    const wait = new Promise((resolve, reject) => {
      Object.assign(later, { come: resolve, fail: reject });
    });
    this.waits.set(id, /** @type {Promise<void>} */ (wait));
    return later;
  }
}
