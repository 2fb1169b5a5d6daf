/**
 * Frames around what changed in a figure at the tick that is shown. They lie over the figure,
 * because bqplot draws all elements of a mark when one changes.
 */
import { make } from "./dom.js";

/** @typedef {import("./driver.js").Driver} Driver */
/** @typedef {import("./driver.js").Scene} Scene */
/** @typedef {{left: number, top: number, width: number, height: number}} Box in pixels */
/** @typedef {{width: number, height: number}} Size in pixels */
/** @typedef {{element: HTMLElement, figure: HTMLElement, size: Size, observer: ResizeObserver, draw: () => void, points: HTMLElement}} Layer */

const ROOM = 3; // pixels between a text and its frame
const LINE = 1.45; // height of a line, in sizes of its letters
const SANS = 'system-ui, "Liberation Sans", Arial, sans-serif';
const MONO = '"Liberation Mono", Menlo, Consolas, monospace';

/** @type {CanvasRenderingContext2D | undefined} */
let measuring;
/** @type {Map<string, number>} */
const widths = new Map();

/**
 * How wide a text is, by the fonts of the style sheet; each is measured once.
 * @param {string} text
 * @param {number} size
 * @param {unknown} weight
 */
function widthOf(text, size, weight) {
  const font = weight === "bolder" ? `${size}px ${MONO}` : `${weight} ${size}px ${SANS}`;
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  measuring ??= /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  measuring.font = font;
  const { width } = measuring.measureText(text);
  widths.set(key, width);
  return width;
}

/**
 * Pixels of a nominal one, sideways and down: a timeline changes its scale with its width.
 * @param {Model} model
 * @param {Size} figure
 */
function paceOf(model, { width, height }) {
  const { x, y } = model.get("scales");
  return [width / x.get("max"), height / y.get("max")];
}

/**
 * Where a text of a mark is; null for an empty one.
 * @param {Model} model
 * @param {number} element
 * @param {Size} figure
 * @returns {Box | null}
 */
function boxOfText(model, element, figure) {
  const text = model.get("text")[element];
  if (!text) return null;
  const size = Number(model.get("default_size"));
  const width = widthOf(text, size, model.get("font_weight"));
  const shares = { start: 0, middle: 0.5, end: 1 };
  const before = width * shares[/** @type {keyof typeof shares} */ (model.get("align"))];
  const [across, down] = paceOf(model, figure);
  const [x, y] = [Number(model.get("x")[element]) * across, Number(model.get("y")[element]) * down];
  const height = size * LINE;
  return { left: x - before - ROOM, top: y - height / 2, width: width + 2 * ROOM, height };
}

/**
 * Where a rectangle of a mark is; null for what is not seen, and for lines.
 * @param {Model} model
 * @param {number} element
 * @param {Size} figure
 * @returns {Box | null}
 */
function boxOfShape(model, element, figure) {
  const [xs, ys] = [model.get("x")[element], model.get("y")[element]];
  const seen = model.get("close_path") && (model.get("opacities")[element] ?? 1) > 0;
  if (!seen || typeof xs === "number" || typeof ys === "number") return null;
  const [left, top] = [Math.min(...Array.from(xs)), Math.min(...Array.from(ys))];
  const [width, height] = [Math.max(...Array.from(xs)) - left, Math.max(...Array.from(ys)) - top];
  if (width <= 0 || height <= 0) return null;
  const [across, down] = paceOf(model, figure);
  const edge = Number(model.get("stroke_width")) / 2; // a round one makes a token
  return {
    left: left * across - edge,
    top: top * down - edge,
    width: width * across + 2 * edge,
    height: height * down + 2 * edge,
  };
}

/**
 * @param {Box} inner
 * @param {Box} outer
 */
const inside = (inner, outer) =>
  inner.left >= outer.left - ROOM &&
  inner.top >= outer.top - ROOM &&
  inner.left + inner.width <= outer.left + outer.width + ROOM &&
  inner.top + inner.height <= outer.top + outer.height + ROOM;

/**
 * The boxes of some elements of a figure, without those that lie in others.
 * @param {Scene} scene
 * @param {import("./changes.js").Changes} elements
 * @param {Size} figure
 * @returns {Box[]}
 */
export function boxesOf({ targets }, elements, figure) {
  const boxes = [...elements].flatMap(([target, places]) => {
    const model = targets[target];
    const box = model.get("_model_name") === "LabelModel" ? boxOfText : boxOfShape;
    return [...places].flatMap((place) => box(model, place, figure) ?? []);
  });
  return boxes.filter(
    (box, place) =>
      !boxes.some(
        (other, beside) => beside !== place && inside(box, other) && (beside < place || !inside(other, box)),
      ),
  );
}

/** @type {WeakMap<Model, Set<Layer>>} what lies over the figures of a model, by that */
const layers = new WeakMap();

/**
 * What lies over the figures of a model.
 * @param {Model | null | undefined} model
 * @returns {Iterable<Layer>}
 */
export const layersOf = (model) => (model && layers.get(model)) ?? [];

/**
 * Put a layer over a figure.
 * @param {Model} model
 * @param {HTMLElement} figure
 */
export function coverFigure(model, figure) {
  const element = make("div", { class: "kit-changes", "aria-hidden": "true" });
  const points = make("div", { class: "kit-changes", "aria-hidden": "true" });
  const observer = new ResizeObserver(() => {
    const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = figure;
    const spot = { left, top, width, height };
    layer.size = { width, height };
    for (const [name, pixels] of Object.entries(spot)) {
      for (const one of [element, points]) one.style.setProperty(name, `${pixels}px`);
    }
    // A timeline changes its scale when it hears of its size, which may be after this.
    requestAnimationFrame(() => layer.draw());
  });
  /** @type {Layer} */
  const layer = { element, figure, size: { width: 0, height: 0 }, observer, draw: () => {}, points };
  observer.observe(figure);
  // Beside the figure, not in it: for a screen reader that is one picture.
  figure.parentElement?.append(element, points);
  const all = layers.get(model) ?? new Set();
  layers.set(model, all.add(layer));
}

/** Marks what changes in the figures of one player. */
export class ChangeMarks {
  frame = 0;
  /** @type {Map<Scene, Scene["changes"]>} what is marked now */
  marked = new Map();

  /** @param {Driver} driver */
  constructor(driver) {
    this.driver = driver;
  }

  /** Mark what is new, once bqplot has been told all of it. */
  update() {
    const { scenes } = this.driver;
    const due = scenes.some((scene) => scene.figure && this.marked.get(scene) !== scene.changes);
    if (due && !this.frame) this.frame = requestAnimationFrame(() => this.mark());
  }

  mark() {
    this.frame = 0;
    this.driver.catchUp();
    for (const scene of this.driver.scenes) {
      if (!scene.figure || this.marked.get(scene) === scene.changes) continue;
      const all = layers.get(scene.figure);
      for (const layer of all ?? []) {
        if (layer.figure.isConnected) {
          // Again whenever the figure has another size.
          layer.draw = () => this.draw(scene, layer);
          layer.draw();
        } else {
          layer.observer.disconnect();
          all?.delete(layer);
        }
      }
    }
    this.marked = new Map(this.driver.scenes.map((scene) => [scene, scene.changes]));
  }

  /**
   * Nothing is measured here: asked for a size, the page would lay out all that was set just now.
   * @param {Scene} scene
   * @param {Layer} layer
   */
  draw(scene, { element, size }) {
    const boxes = boxesOf(scene, scene.changes, size);
    element.replaceChildren(
      ...boxes.map((box) => {
        const mark = make("div", "kit-change");
        for (const [name, pixels] of Object.entries(box))
          mark.style.setProperty(name, `${pixels.toFixed(1)}px`);
        return mark;
      }),
    );
  }

  dispose() {
    cancelAnimationFrame(this.frame);
  }
}
