/**
 * Frames of RAM, or slots of the swap area, as a grid of cells. The player sets `shown`:
 * for each cell that ever changes, the number of a state. Only cells that have changed
 * are written, so that thousands of them cost nothing.
 */
import { ChangedCells } from "./changed_cells.js";
import { PointedCells } from "./pointed_cells.js";
import { follow, make, together } from "./dom.js";

const ROOM = 160; // pixels of height that the cells are made to fit into, if they can be
const LARGEST = 26; // pixels from one cell to the next
const SMALLEST = 5;
const MEASURED = 3; // of the longest sentences, which need not be those of most lines
const PAGE_ROWS = 5;
const MANY = 512; // cells from which on each row is painted by itself
const MOST_POPS = 16; // cells that change at once and still draw the eye
const TINY = 10; // pixels below which a cell is only its colour

/**
 * How many columns of which size fill a width.
 * @param {number} width
 * @param {number} count
 */
export function fit(width, count) {
  const wanted = Math.floor(Math.sqrt((width * ROOM) / Math.max(count, 1)));
  const room = Math.floor((width + 1) / Math.min(Math.max(wanted, SMALLEST), LARGEST));
  // Rows of a round number of frames begin at round addresses.
  const step = room < 64 ? 8 : 16;
  const columns = Math.min(Math.max(room - (room % step), 8), Math.max(count, 1));
  const pitch = Math.min(Math.floor((width + 1) / columns), LARGEST);
  const gap = pitch < 14 ? 1 : 2;
  return { columns, size: Math.max(pitch - gap, 1), gap };
}

/**
 * The longest form of a label that a cell has room for: "10+11", else "×2", else nothing.
 * @param {string} label
 * @param {number} size
 * @param {(text: string) => number} measure
 */
export function shortened(label, size, measure) {
  const forms = label.includes("+") ? [label, `×${label.split("+").length}`] : [label];
  return forms.find((form) => measure(form) <= size) ?? "";
}

const hex = (/** @type {number} */ address) => `0x${address.toString(16).padStart(4, "0")}`;
/** @type {(page: number, size: number) => string} */
const bytes = (page, size) => `${hex(page * size)}–${hex((page + 1) * size - 1)}`;

/** @typedef {"unit" | "size" | "reserved" | "contiguous" | "owners" | "states"} Described */

/**
 * What the grid's traits say of a frame or slot: its look, the label on it, the sentence.
 * @param {Pick<FrameGridTraits, Described>} grid
 * @param {number} place
 * @param {number} number of its state
 */
export function describe(grid, place, number) {
  const [owner, page = 0, label = "", others = "", copied = ""] = grid.states[number] ?? [];
  const where = grid.unit === "frame" ? `frame ${place} (${bytes(place, grid.size)})` : `slot ${place}`;
  if (place < grid.reserved) return { look: "system", label, sentence: `${where}: operating system` };
  if (owner === undefined) return { look: "free", label, sentence: `${where}: free` };
  const [kind, pid, program, segment] = grid.owners[owner];
  const look = [kind, others && "several", copied && "copied"].filter(Boolean).join(" ");
  if (pid === 0) {
    return { look, label, sentence: `${where}: ${segment}, page ${page}; no process uses it` };
  }
  const parts = [segment || "not used", `virtual ${bytes(page, grid.size)}`];
  const base = grid.contiguous ? ` + base ${hex((place - page) * grid.size)}` : "";
  const of = grid.contiguous ? "" : `page ${page} of `;
  const shared = others && `; shared with ${others}`;
  const copy =
    copied &&
    (others ? "; copied when written" : "; to be copied when written, although no process shares it now");
  const sentence = `${where}: ${of}${program} (pid ${pid}), ${parts.join(", ")}${base}${shared}${copy}`;
  return { look, label: label || String(pid), sentence };
}

/**
 * A function that measures texts, each once, as `element` would show them.
 * @param {HTMLElement} element of the page
 */
function measurer(element) {
  /** @type {Map<string, number>} */
  const widths = new Map();
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = getComputedStyle(element).font;
  return (/** @type {string} */ text) => {
    const width = widths.get(text) ?? context.measureText(text).width;
    widths.set(text, width);
    return width;
  };
}

const FIXED = /** @type {const} */ ([
  ...["unit", "label", "first", "count", "reserved", "size", "contiguous"],
  ...["owners", "states", "live", "legend", "colors"],
]);

/** One run's grid: for another run another one is made. */
class GridView {
  /**
   * @param {Model<FrameGridTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.motion = matchMedia("(prefers-reduced-motion: reduce)");
    const fixed = Object.fromEntries(FIXED.map((name) => [name, model.get(name)]));
    this.fixed = /** @type {Pick<FrameGridTraits, typeof FIXED[number]>} */ (fixed);
    const { unit, first, count, states } = this.fixed;
    this.live = this.fixed.live.flatMap(([begin, length]) =>
      Array.from({ length }, (_, step) => begin - first + step),
    );
    this.numbers = new Uint32Array(count);
    this.cells = Array.from({ length: count }, () =>
      make("div", { class: "kit-frame-cell", role: "gridcell" }),
    );
    /** @type {Map<EventTarget | null, number>} */
    this.places = new Map(this.cells.map((cell, place) => [cell, place]));
    this.hovered = -1;
    this.chosen = -1;
    this.changed = new ChangedCells();
    this.pointedCells = new PointedCells(this.live.map((place) => this.cells[place]));
    this.layout = { columns: 0, size: 0, gap: 0 };
    /** @type {HTMLElement | null} */
    this.entry = null;
    /** @type {((text: string) => number) | null} */
    this.measure = null;
    this.hint = `Point at a ${unit} to see what is in it, or go through the ${unit}s with the arrow keys.`;
    const sentences = states.map((_, state) => this.describe(count, state).sentence);
    this.longest = [this.hint, ...sentences].sort((one, other) => other.length - one.length);
    this.grid = make("div", { class: "kit-grid", role: "grid" });
    this.sentence = make("p", "kit-told", this.hint);
    this.summary = make("p", "kit-summary");
    this.ruler = make("div", "kit-ruler");
    // Columns follow the width; an element of no height is watched, which they do not resize.
    this.observer = new ResizeObserver(([{ contentRect }]) => this.arrange(contentRect.width));
    this.build();
  }

  build() {
    const { root, grid } = this;
    const { unit, count, label, colors } = this.fixed;
    root.classList.add("kit-frames");
    root.dataset.lmSuppressShortcuts = "true";
    for (const [kind, [pale, strong]] of Object.entries(colors)) {
      root.style.setProperty(`--${kind}-pale`, pale);
      root.style.setProperty(`--${kind}`, strong);
    }
    grid.toggleAttribute("data-many", count > MANY);
    grid.setAttribute("aria-label", label);
    this.listen();
    const heading = unit === "frame" ? [] : [make("p", "kit-name", label)];
    root.replaceChildren(this.ruler, ...heading, grid, this.summary, this.sentence, ...this.legend());
    this.read();
    this.mark();
    this.point();
    this.observer.observe(this.ruler);
    this.arrange(this.ruler.clientWidth);
  }

  /**
   * @param {number} place
   * @param {number} number of its state
   */
  describe(place, number = this.numbers[place]) {
    return describe(this.fixed, this.fixed.first + place, number);
  }

  legend() {
    const items = this.fixed.legend.map(([look, text]) => {
      const swatch = make("span", "kit-frame-cell");
      swatch.dataset.look = look;
      swatch.setAttribute("aria-hidden", "true");
      return make("li", "", swatch, text);
    });
    return items.length ? [make("ul", "kit-legend", ...items)] : [];
  }

  listen() {
    const { grid } = this;
    const placeOf = (/** @type {Event} */ { target }) => {
      const cell = target instanceof Element ? target.closest(".kit-frame-cell") : null;
      return this.places.get(cell) ?? -1;
    };
    // Only where the mouse moves, not where the page scrolls below it, as when keys are used.
    grid.addEventListener("pointermove", (event) => {
      const place = placeOf(event);
      // Between two cells, the last one stays told.
      if (place >= 0 && place !== this.hovered) this.hover(place);
    });
    grid.addEventListener("pointerleave", () => this.hover(-1));
    grid.addEventListener("click", (event) => placeOf(event) >= 0 && this.choose(placeOf(event)));
    grid.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {number} width */
  arrange(width) {
    const { count } = this.fixed;
    if (!width) return; // not on the page, or on a hidden tab
    const { root, cells, layout: before } = this;
    this.layout = fit(width, count);
    this.reserveLines();
    const { columns, size, gap } = this.layout;
    if (before.columns === columns && before.size === size) return;
    root.style.setProperty("--cell", `${size}px`);
    root.style.setProperty("--gap", `${gap}px`);
    root.toggleAttribute("data-tiny", size < TINY);
    if (before.size !== size) for (const place of cells.keys()) this.paint(place);
    if (before.columns === columns) return;
    const focused = this.grid.contains(document.activeElement);
    const rows = [];
    for (let first = 0; first < count; first += columns) {
      rows.push(make("div", { class: "kit-row", role: "row" }, ...cells.slice(first, first + columns)));
    }
    this.grid.replaceChildren(...rows);
    if (focused) cells[this.chosen].focus({ preventScroll: true });
    else this.enter(Math.max(this.chosen, 0));
  }

  /** Keep room for the longest texts, so that what stands below never moves. */
  reserveLines() {
    const { sentence, summary } = this;
    for (const line of [sentence, summary]) line.style.minHeight = "";
    const height = (/** @type {HTMLElement} */ line) => Math.ceil(line.getBoundingClientRect().height);
    const text = sentence.textContent;
    const heights = this.longest.slice(0, MEASURED).map((longest) => {
      sentence.textContent = longest;
      return height(sentence);
    });
    sentence.textContent = text;
    sentence.style.minHeight = `${Math.max(...heights)}px`;
    summary.style.minHeight = `${height(summary)}px`;
  }

  /** Take what the player has set. */
  read() {
    const shown = this.model.get("shown");
    this.live.forEach((place, element) => {
      this.numbers[place] = shown[element] ?? 0;
    });
    const summary = this.model.get("summary").join(" · ");
    if (this.summary.textContent !== summary) this.summary.textContent = summary;
  }

  update() {
    const { numbers } = this;
    const before = numbers.slice();
    this.read();
    if (!this.layout.size) return;
    const changed = this.live.filter((place) => numbers[place] !== before[place]);
    for (const place of changed) this.paint(place);
    if (changed.includes(this.pointed)) this.tell();
    const few = changed.length <= MOST_POPS && numbers.length <= MANY;
    if (few && !this.motion.matches) {
      for (const place of changed) this.pop(this.cells[place]);
    }
  }

  /** @param {number} place */
  paint(place) {
    const cell = this.cells[place];
    const { look, label, sentence } = this.describe(place);
    cell.dataset.look = look;
    this.measure ??= measurer(cell);
    const text = shortened(label, this.layout.size, this.measure);
    if (cell.textContent !== text) cell.textContent = text;
    cell.setAttribute("aria-label", sentence);
  }

  /** Mark the cells that changed at this tick. */
  mark() {
    const changed = this.model.get("changed");
    this.changed.mark(changed.flatMap((element) => this.cells[this.live[element]] ?? []));
  }

  /** Mark the cells of what is pointed at in any picture. */
  point() {
    this.pointedCells.show(this.model.get("subjects"), this.model.get("pointed"));
  }

  /** @param {HTMLElement} cell */
  pop(cell) {
    cell.animate([{ transform: "scale(1.35)" }, { transform: "none" }], {
      duration: 400,
      easing: "ease-out",
    });
  }

  get pointed() {
    return this.hovered >= 0 ? this.hovered : this.chosen;
  }

  /** @param {number} place that the mouse is over; -1 for none */
  hover(place) {
    this.hovered = place;
    this.tell();
  }

  tell() {
    const { pointed } = this;
    const text = pointed < 0 ? this.hint : this.describe(pointed).sentence;
    if (this.sentence.textContent !== text) this.sentence.textContent = text;
  }

  /**
   * Make a cell the one that Tab comes to.
   * @param {number} place
   */
  enter(place) {
    const cell = this.cells[place];
    if (!cell || cell === this.entry) return;
    this.entry?.removeAttribute("tabindex");
    cell.tabIndex = 0;
    cell.dataset.lmSuppressShortcuts = "true";
    this.entry = cell;
  }

  /** @param {number} place */
  choose(place) {
    this.cells[this.chosen]?.removeAttribute("aria-selected");
    this.chosen = place;
    this.enter(place);
    this.cells[place].setAttribute("aria-selected", "true");
    this.cells[place].focus();
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { columns } = this.layout;
    const last = this.cells.length - 1;
    const place = this.places.get(event.target) ?? 0;
    const start = place - (place % columns);
    const far = PAGE_ROWS * columns;
    const whole = event.ctrlKey || event.metaKey;
    /** @type {Record<string, number>} */
    const goals = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      ArrowUp: place - columns,
      ArrowDown: place + columns,
      Home: whole ? 0 : start,
      End: whole ? last : Math.min(start + columns - 1, last),
      PageUp: Math.max(place - far, place % columns),
      PageDown: place + Math.min(PAGE_ROWS, Math.floor((last - place) / columns)) * columns,
      " ": place,
      Enter: place,
    };
    if (!(event.key in goals) || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const goal = goals[event.key];
    this.hovered = -1;
    this.choose(goal >= 0 && goal <= last ? goal : place);
  }
}

export default {
  /** @param {Place<FrameGridTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.classList.add("kit-frames-part");
    el.append(root);
    let view = new GridView(model, root);
    const build = () => {
      view.observer.disconnect();
      view = new GridView(model, root);
    };
    const leave = follow(model, FIXED, ["shown", "summary"], { build, update: () => view.update() });
    // What changes at two ticks in a row is marked anew, although `changed` itself stays the same.
    const mark = together(() => view.mark());
    model.on("change:changed change:shown", mark);
    const point = () => view.point();
    model.on("change:pointed change:subjects", point);
    return () => {
      view.observer.disconnect();
      model.off("change:changed change:shown", mark);
      model.off("change:pointed change:subjects", point);
      leave();
    };
  },
};
