/**
 * Pointing: what a person points at in one picture is marked in all of them.
 *
 * Nothing is sent: the marks lie over the figures, and tables are told in the page alone.
 */
import { boxesOf, layersOf } from "./change_marks.js";
import { make } from "./dom.js";
import { WHOLE } from "./full_screen.js";
import { aboutNow, elementsAbout, subjectsNow } from "./subjects.js";

/** @typedef {import("./driver.js").Driver} Driver */
/** @typedef {import("./change_marks.js").Layer} Layer */

const NOTHING = "nothing";

/** What is pointed at around one player: with the mouse or the focus, or pinned. */
export class Pointing {
  hovered = "";
  frame = 0;
  /** @type {Map<Layer, string>} what is drawn over each figure */
  drawn = new Map();
  /** @type {HTMLElement | undefined} */
  whole = undefined;
  gone = new AbortController();
  status = make("span", { class: "kit-spoken", role: "status" });
  menu = make("select", {
    onfocus: () => this.fill(),
    onpointerdown: () => this.fill(),
    onchange: () => this.pin(this.menu.value),
  });
  element = make("label", { class: "kit-point-at" }, "Point at ", this.menu, this.status);

  /**
   * @param {Driver} driver
   * @param {HTMLElement} root of the player
   */
  constructor(driver, root) {
    this.driver = driver;
    this.root = root;
    this.fill();
  }

  /** What is kept marked; steps go to its changes. */
  get pinned() {
    return this.driver.pointed;
  }

  /** What is marked. */
  get shown() {
    return this.hovered || this.pinned;
  }

  /** The pictures stand around the player once it is on the page. */
  attach() {
    const whole = this.root.closest(WHOLE);
    if (this.whole || !(whole instanceof HTMLElement)) return;
    this.whole = whole;
    const { signal } = this.gone;
    whole.addEventListener("pointermove", (event) => this.hover(event.buttons ? "" : this.at(event)), {
      signal,
    });
    whole.addEventListener("pointerleave", () => this.hover(""), { signal });
    whole.addEventListener("focusin", ({ target }) => this.hover(aboutOf(target)), { signal });
    whole.addEventListener("focusout", () => this.hover(""), { signal });
    whole.addEventListener("click", (event) => this.click(event), { signal });
    whole.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  /** List what is there now; what is still to come is not told. */
  fill() {
    const now = subjectsNow(this.driver.scenes);
    if (this.pinned && !now.has(this.pinned)) now.set(this.pinned, this.nameOf(this.pinned));
    const options = [...now].map(([key, name]) => make("option", { value: key }, name));
    this.menu.replaceChildren(make("option", { value: "" }, NOTHING), ...options);
    this.menu.value = this.pinned;
  }

  /** @param {string} key */
  nameOf(key) {
    return this.driver.scenes.map(({ header }) => header.subjects[key]).find((name) => name) ?? key;
  }

  /**
   * What the mouse is over.
   * @param {MouseEvent} event
   */
  at(event) {
    const { target } = event;
    const key = aboutOf(target);
    if (key || !(target instanceof Element)) return key;
    const figure = target.closest(".kit-figure");
    for (const scene of figure ? this.driver.scenes : []) {
      const layer = [...layersOf(scene.figure)].find((one) => one.figure === figure);
      if (layer) return this.inFigure(scene, layer, event);
    }
    return "";
  }

  /**
   * The smallest thing at a place of a figure; elements of figures take no events of their own.
   * @param {import("./driver.js").Scene} scene
   * @param {Layer} layer
   * @param {MouseEvent} event
   */
  inFigure(scene, { figure, size }, event) {
    const bounds = figure.getBoundingClientRect();
    // The figure tells its place before the page is zoomed; see `figures.js`.
    const zoom = figure.currentCSSZoom ?? 1;
    const [x, y] = [event.clientX / zoom - bounds.left, event.clientY / zoom - bounds.top];
    let [least, found] = [Number.POSITIVE_INFINITY, ""];
    for (const { key, target, element } of aboutNow(scene)) {
      const [box] = boxesOf(scene, new Map([[target, new Set([element])]]), size);
      if (!box || x < box.left || x > box.left + box.width) continue;
      if (y < box.top || y > box.top + box.height || box.width * box.height >= least) continue;
      [least, found] = [box.width * box.height, key];
    }
    return found;
  }

  /** @param {string} key */
  hover(key) {
    if (this.hovered === key) return;
    this.hovered = key;
    this.show();
  }

  /** @param {MouseEvent} event */
  click(event) {
    const { target } = event;
    if (!(target instanceof Element) || target.closest("button, select, input, summary")) return;
    const key = this.at(event);
    if (key) this.pin(key === this.pinned ? "" : key);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== "Escape" || !this.pinned || document.fullscreenElement) return;
    event.stopPropagation();
    this.pin("");
  }

  /**
   * Keep something marked, also while it plays; "" for nothing.
   * @param {string} key
   */
  pin(key) {
    this.driver.pointed = key;
    this.hovered = "";
    this.fill();
    const told = key
      ? `Pointed at: ${this.nameOf(key)}. n and p go to its next and previous change.`
      : "Pointed at: nothing.";
    this.status.textContent = told;
    this.show();
  }

  /** Mark what is shown, in tables at once, in figures with the next frame. */
  show() {
    for (const scene of this.driver.scenes) {
      for (const model of scene.targets) {
        const before = model.get("pointed");
        if (before !== undefined && before !== this.shown) model.set("pointed", this.shown);
      }
    }
    this.update();
  }

  /** Follow what moves. */
  update() {
    this.attach();
    if (!this.shown && this.drawn.size === 0) return;
    this.frame ||= requestAnimationFrame(() => this.mark());
  }

  mark() {
    this.frame = 0;
    this.driver.catchUp();
    for (const scene of this.driver.scenes) {
      const elements = elementsAbout(scene, this.shown);
      for (const layer of layersOf(scene.figure)) {
        const boxes = elements.size > 0 ? boxesOf(scene, elements, layer.size) : [];
        this.draw(layer, boxes);
      }
    }
  }

  /**
   * @param {Layer} layer
   * @param {import("./change_marks.js").Box[]} boxes
   */
  draw(layer, boxes) {
    const places = boxes.map((box) =>
      Object.entries(box).map(([name, value]) => `${name}:${value.toFixed(1)}px`),
    );
    const text = places.map((place) => place.join(";")).join(" ");
    if ((this.drawn.get(layer) ?? "") === text) return;
    if (text) this.drawn.set(layer, text);
    else this.drawn.delete(layer);
    const marks = places.map((place) => {
      const mark = make("div", "kit-point");
      mark.style.cssText = place.join(";");
      return mark;
    });
    layer.points.replaceChildren(...marks);
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.gone.abort();
  }
}

/**
 * What an element of a table, or one inside it, is about.
 * @param {EventTarget | null} target
 */
function aboutOf(target) {
  const holder = target instanceof Element ? target.closest("[data-about]") : null;
  return holder instanceof HTMLElement ? (holder.dataset.about ?? "") : "";
}
