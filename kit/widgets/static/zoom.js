/**
 * The zoom of a timeline: buttons, the overview of the run, and the gestures on the figure.
 */
import { keepKeys, make, together } from "./dom.js";
import { panned, within, zoomed } from "./timescale.js";
import { Lens } from "./lens.js";

const STEP = 1.6; // times that a press of + or - shows more or less
const PAN = 0.25; // share of the window that a press of an arrow moves
const WHEEL = 0.002; // how fast the wheel zooms
const WHEEL_LINE = 16; // pixels of a line, for wheels that turn by lines
const DRAG = 4; // pixels that are still a click

/** Buttons, the overview of the run, and the gestures on the figure. */
class ZoomView {
  /**
   * @param {Lens} lens
   * @param {HTMLElement} root
   */
  constructor(lens, root) {
    this.lens = lens;
    this.root = root;
    /** @type {HTMLElement | null} */
    this.figure = null;
    /** @type {{x: number, y: number, window: Span, id: number} | null} */
    this.held = null;
    this.moved = false;
    this.waiting = 0;
    this.left = "";
    this.gone = new AbortController();
    this.observer = new ResizeObserver(() => this.measure());
    this.out = this.button("−", "Show more of the run", "-", () => lens.zoom(STEP));
    this.in = this.button("+", "Show less of the run", "+", () => lens.zoom(1 / STEP));
    this.whole = this.button("whole run", "Show the whole run", "0", () => lens.show([0, lens.end]));
    this.thumb = make("div", { class: "kit-thumb" });
    this.mark = make("div", { class: "kit-now" });
    this.track = make(
      "div",
      { class: "kit-track", role: "slider", tabindex: "0", "aria-label": "Shown part of the run" },
      this.thumb,
      this.mark,
    );
    this.said = make("span", { class: "kit-shown" });
    this.legend = make("p", "kit-legend");
    this.build();
    lens.views.add(this);
    this.explain();
    this.attach();
  }

  /**
   * @param {string} sign
   * @param {string} label
   * @param {string} keys
   * @param {() => void} action
   */
  button(sign, label, keys, action) {
    const made = make("button", { type: "button", "aria-label": label, "aria-keyshortcuts": keys }, sign);
    made.title = `${label} (${keys})`;
    this.on(made, "click", action);
    return made;
  }

  build() {
    this.root.classList.add("kit-zoom");
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Zoom of the timeline");
    this.root.append(this.legend, this.out, this.in, this.whole, this.track, this.said);
    keepKeys(this.root);
    this.on(this.root, "keydown", (event) => this.press(event));
    this.on(this.track, "pointerdown", (event) => this.slide(event));
    this.on(this.track, "pointermove", (event) => event.buttons & 1 && this.slide(event));
  }

  /**
   * @template {keyof HTMLElementEventMap} Name
   * @param {HTMLElement} target
   * @param {Name} name
   * @param {(event: HTMLElementEventMap[Name]) => void} listener
   * @param {AddEventListenerOptions} options
   */
  on(target, name, listener, options = {}) {
    const heard = /** @type {EventListener} */ (listener);
    target.addEventListener(name, heard, { ...options, signal: this.gone.signal });
  }

  /** The figure stands in the same frame, and may come later. */
  attach() {
    if (this.gone.signal.aborted) return;
    const figure = this.root.closest(".kit-frame")?.querySelector(".kit-figure");
    if (!(figure instanceof HTMLElement)) {
      this.waiting = requestAnimationFrame(() => this.attach());
      return;
    }
    this.figure = figure;
    figure.classList.add("kit-zoomable");
    this.on(figure, "wheel", (event) => this.wheel(event), { passive: false });
    this.on(figure, "pointerdown", (event) => this.grab(event));
    this.on(figure, "pointermove", (event) => this.drag(event));
    this.on(figure, "pointerup", () => this.drop());
    this.on(figure, "pointercancel", () => this.drop());
    this.on(figure, "click", (event) => this.click(event));
    this.observer.observe(figure);
    this.measure();
  }

  measure() {
    if (!this.figure) return;
    const { offsetWidth, offsetHeight } = this.figure;
    const [along, across] = this.lens.down ? [offsetHeight, offsetWidth] : [offsetWidth, offsetHeight];
    if (along) this.lens.resize({ along, across });
  }

  /**
   * The tick under the mouse; null beside the time.
   * @param {MouseEvent} event
   */
  tick(event) {
    if (!this.figure) return null;
    const box = this.figure.getBoundingClientRect();
    const share = this.lens.down
      ? (event.clientY - box.top) / box.height
      : (event.clientX - box.left) / box.width;
    const { start, pace } = this.lens.place;
    const pixels = share * this.lens.size.along - start;
    return pixels < -DRAG ? null : this.lens.window[0] + pixels / pace;
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const at = this.tick(event);
    if (at === null) return;
    const move = Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
    const pixels = move * (event.deltaMode === 1 ? WHEEL_LINE : 1);
    const [first, last] = this.lens.window;
    const whole = last - first >= this.lens.end;
    if (event.ctrlKey) this.lens.zoom(Math.exp(WHEEL * pixels), at);
    else if ((event.shiftKey || move === event.deltaX) && !whole) {
      this.lens.show(panned([first, last], pixels / this.lens.place.pace, this.lens.end));
    } else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  grab(event) {
    this.moved = false;
    if (event.button !== 0 || this.tick(event) === null) return;
    this.held = { x: event.clientX, y: event.clientY, window: this.lens.window, id: event.pointerId };
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.held || event.pointerId !== this.held.id) return;
    const pixels = this.lens.down ? event.clientY - this.held.y : event.clientX - this.held.x;
    if (!this.moved && Math.abs(pixels) < DRAG) return;
    const [first, last] = this.held.window;
    if (last - first >= this.lens.end) return;
    if (!this.moved) this.figure?.setPointerCapture(event.pointerId);
    this.moved = true;
    this.lens.show(panned([first, last], -pixels / this.lens.place.pace, this.lens.end));
  }

  drop() {
    this.held = null;
  }

  /**
   * A click asks the player for a tick; the end of a drag does not.
   * @param {MouseEvent} event
   */
  click(event) {
    const tick = this.moved ? null : this.tick(event);
    this.moved = false;
    if (tick === null) return;
    const detail = Math.min(tick, this.lens.window[1]);
    this.figure?.dispatchEvent(new CustomEvent("kit-seek", { detail }));
  }

  /**
   * Bring the part of the run into view that is under the mouse in the overview.
   * @param {PointerEvent} event
   */
  slide(event) {
    const box = this.track.getBoundingClientRect();
    const [first, last] = this.lens.window;
    const middle = ((event.clientX - box.left) / box.width) * this.lens.end;
    if (event.type === "pointerdown") this.track.setPointerCapture(event.pointerId);
    this.lens.show(within(middle - (last - first) / 2, last - first, this.lens.end));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const arrows = { ArrowLeft: -PAN, ArrowUp: -PAN, ArrowRight: PAN, ArrowDown: PAN };
    const { lens } = this;
    const onTrack = event.target === this.track;
    /** @type {Record<string, () => void>} */
    const actions = {
      "+": () => lens.zoom(1 / STEP),
      "=": () => lens.zoom(1 / STEP),
      "-": () => lens.zoom(STEP),
      0: () => lens.show([0, lens.end]),
    };
    const share = event.shiftKey || onTrack ? arrows[event.key] : undefined;
    const action = share ? () => lens.pan(share) : actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  /** Say what the looks mean; what a question hides keeps its room. */
  explain() {
    const { model } = this.lens;
    const [texts, opacities] = [model.get("legend"), model.get("opacities")];
    const parts = texts.map((text, place) => {
      const part = make("span", "", place < texts.length - 1 ? `${text} · ` : text);
      part.style.visibility = opacities[place] === 0 ? "hidden" : "";
      return part;
    });
    this.legend.replaceChildren(...parts);
  }

  update() {
    const [first, last] = this.lens.window;
    const { end } = this.lens;
    const shown = `ticks ${Math.round(first)} to ${Math.round(last)} of ${end}`;
    this.thumb.style.left = `${(100 * first) / end}%`;
    this.thumb.style.width = `${(100 * (last - first)) / end}%`;
    this.said.textContent = this.lens.dense ? `${shown}; thin bars: shares` : shown;
    this.track.setAttribute("aria-valuemin", "0");
    this.track.setAttribute("aria-valuemax", String(Math.round(end - (last - first))));
    this.track.setAttribute("aria-valuenow", String(Math.round(first)));
    this.track.setAttribute("aria-valuetext", shown);
    const whole = last - first >= end;
    this.figure?.classList.toggle("kit-part", !whole);
    for (const button of [this.out, this.whole]) button.setAttribute("aria-disabled", String(whole));
    this.in.setAttribute("aria-disabled", String(zoomed([first, last], 0.9, first, end)[1] === last));
    this.point();
  }

  /** Show in the overview where the player is. */
  point() {
    const { now, end } = this.lens;
    if (now === null) return;
    const left = `${((100 * now) / end).toFixed(1)}%`;
    if (this.left !== left) {
      this.left = left;
      this.mark.style.left = left;
    }
  }

  dispose() {
    this.gone.abort();
    this.observer.disconnect();
    cancelAnimationFrame(this.waiting);
    this.lens.views.delete(this);
  }
}

/** @typedef {import("./timescale.js").Span} Span */

const WORKED_ON = [
  ...["scale", "plain", "bars", "states", "ruler", "writing"],
  ...["boxes", "looks", "lanes", "notes", "end", "down", "start", "behind", "below"],
];

export default () => {
  /** @type {Lens} */
  let lens;
  return {
    /** @param {Place<ZoomTraits>} place */
    initialize({ model }) {
      lens = new Lens(model);
      const load = together(() => lens.load());
      for (const name of WORKED_ON) model.on(`change:${name}`, load);
      model.on("change:down", () => {
        for (const view of lens.views) view.measure();
      });
      model.on("change:legend change:opacities", () => {
        for (const view of lens.views) view.explain();
      });
      model.on("change:window", () => lens.schedule());
      model.on("change:now", () => lens.follow());
      load();
      return () => lens.dispose();
    },
    /** @param {Place<ZoomTraits>} place */
    render({ el }) {
      const root = document.createElement("div");
      el.append(root);
      const view = new ZoomView(lens, root);
      return () => view.dispose();
    },
  };
};
