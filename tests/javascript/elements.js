/** Elements of a page without a browser: as much of them as the kit's forms use. */

/** An element that keeps what is put into it. */
export class FakeElement {
  /** @param {string} tag */
  constructor(tag) {
    this.tag = tag;
    /** @type {(FakeElement | string)[]} */
    this.nodes = [];
    /** @type {Record<string, string>} */
    this.attributes = {};
    /** @type {Map<string, () => void>} */
    this.listeners = new Map();
    /** @type {Record<string, string>} */
    this.dataset = {};
    this.classes = new Set();
    this.classList = this.classes;
    this.className = "";
    this.checked = false;
    this.disabled = false;
    this.hidden = false;
  }

  get children() {
    return this.nodes.filter((node) => node instanceof FakeElement);
  }

  /** @returns {string} */
  get textContent() {
    return this.nodes.map((node) => (node instanceof FakeElement ? node.textContent : node)).join("");
  }

  set textContent(text) {
    this.nodes = text === "" ? [] : [text];
  }

  /** @param {(FakeElement | string)[]} nodes */
  append(...nodes) {
    this.nodes.push(...nodes);
  }

  /** @param {(FakeElement | string)[]} nodes */
  replaceChildren(...nodes) {
    this.nodes = nodes;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /**
   * @param {string} name
   * @param {() => void} listener
   */
  addEventListener(name, listener) {
    this.listeners.set(name, listener);
  }

  /** @returns {FakeElement[]} */
  get inside() {
    return this.children.flatMap((child) => [child, ...child.inside]);
  }

  /** @param {string} selector of tags, with commas; whatever else it has is left out */
  querySelectorAll(selector) {
    const tags = selector.split(", ");
    return this.inside.filter(({ tag }) => tags.includes(tag));
  }

  /** @param {string} selector */
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  /** A person clicks it, or ticks it. */
  press() {
    this.checked = true;
    for (const name of ["change", "click"]) this.listeners.get(name)?.();
  }

  focus() {}
}

/** Let modules make such elements. */
export function withoutBrowser() {
  const createElement = (/** @type {string} */ tag) => new FakeElement(tag);
  globalThis.document = /** @type {Document} */ (/** @type {unknown} */ ({ createElement }));
}
