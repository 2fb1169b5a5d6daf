/**
 * What the kit's widgets share in the page.
 */

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | string} attributes those named on… are listeners, a false one is left out;
 *   a string is the class
 * @param {...(Node|string)} children texts stay texts
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  const classes = attributes ? { class: attributes } : {};
  const named = typeof attributes === "string" ? classes : attributes;
  for (const [name, value] of Object.entries(named)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * A text as nodes: what is between backticks is code.
 * @param {string} text
 */
export const withCode = (text) =>
  text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));

/**
 * The height of an element in pixels of its style sheet, which a zoom of the page does not change.
 * @param {HTMLElement} element
 */
export const heightOf = (element) => Number.parseFloat(getComputedStyle(element).height) || 0;

const CONTROLS = "button, input, select, summary, textarea, [tabindex], [contenteditable]";

/**
 * Keep JupyterLab and Notebook 7, which asks the very element, from taking keys.
 * @param {HTMLElement} root
 */
export function keepKeys(root) {
  const controls = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(CONTROLS));
  for (const element of [root, ...controls]) {
    element.dataset.lmSuppressShortcuts = "true";
  }
}

/**
 * Make a function that does something once for all calls of the same turn, because several
 * traits change together when another run is shown; `due` tells whether it is yet to come.
 * @param {() => void} action
 */
export function together(action) {
  const later = () => {
    if (later.due) return;
    later.due = true;
    queueMicrotask(() => {
      later.due = false;
      action();
    });
  };
  later.due = false;
  return later;
}

/**
 * Build a view anew when what it is made of has changed, once for all that changes together,
 * and bring it up to date when a player moves it.
 * @param {Pick<Model, "on" | "off">} model
 * @param {readonly string[]} built traits
 * @param {readonly string[]} moved traits
 * @param {{build(): void, update(): void}} view
 * @returns {() => void} ends it
 */
export function follow(model, built, moved, view) {
  const build = together(() => view.build());
  const update = () => {
    if (!build.due) view.update();
  };
  for (const name of built) model.on(`change:${name}`, build);
  for (const name of moved) model.on(`change:${name}`, update);
  return () => {
    for (const name of built) model.off(`change:${name}`, build);
    for (const name of moved) model.off(`change:${name}`, update);
  };
}

/**
 * Make a widget that tells Python, after its cell was run again, when it is shown nowhere any more.
 * @template {object} Traits
 * @param {(model: Model<Traits>, root: HTMLElement) => () => void} show draws a model into an
 *   element, and returns what ends that view
 */
export function releasable(show) {
  return () => {
    let views = 0;
    let released = false;
    /** @param {Model<Traits>} model */
    const check = (model) => {
      if (released && views === 0) model.send({ gone: true });
    };
    return {
      /** @param {Place<Traits>} place */
      initialize({ model }) {
        model.on("msg:custom", (message) => {
          released ||= message.do === "release";
          check(model);
        });
      },
      /** @param {Place<Traits>} place */
      render({ model, el }) {
        const root = document.createElement("div");
        el.append(root);
        const end = show(model, root);
        views += 1;
        return () => {
          end();
          views -= 1;
          check(model);
        };
      },
    };
  };
}
