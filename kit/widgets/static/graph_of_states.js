/**
 * The graph of states of a program: a picture to walk in, the chosen state in words, and all in words.
 */
import { follow, keepKeys, make } from "./dom.js";
import { drawn, lineOf, planOf, stateOf } from "./graph_drawing.js";
import { GraphWalk } from "./graph_walk.js";

const ZOOM = 1.5;
const CLOSEST = 8; // times that can be zoomed in
const HIGHEST = 460; // pixels of the picture
const DRAGGED = 4; // pixels that are still a click
const HOW =
  "Arrow keys go along the steps: forwards and back in their direction, and the two others choose " +
  "which step is next. Home is the beginning, End the end of the way that is marked. Plus and minus " +
  "zoom, 0 shows all.";

const TRAITS = /** @type {const} */ ([
  ...["places", "texts", "told", "reach", "ends", "steps", "ways", "outcomes", "outcome", "opened"],
]);

class GraphView {
  /**
   * @param {Model<GraphOfStatesTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.walk = new GraphWalk(read(model));
    this.zoomed = 1;
    /** @type {[number, number]} */
    this.middle = [0, 0];
    /** @type {{x: number, y: number, middle: [number, number]} | null} */
    this.held = null;
    this.moved = false;
    this.picture = drawn("svg", { "aria-hidden": "true", focusable: "false" });
    this.figure = make("div", {
      class: "kit-graph",
      tabindex: "0",
      role: "application",
      "aria-roledescription": "graph of states",
      "aria-label": `Graph of ${this.walk.graph.places.length} states. ${HOW}`,
    });
    this.figure.append(this.picture);
    this.said = make("div", { class: "kit-state", role: "status" });
    this.steps = make("div", "kit-steps");
    this.all = make("details", "kit-all", make("summary", {}, "All states in words"));
    this.fold = this.build();
    root.className = "kit-states";
    root.replaceChildren(this.fold);
    keepKeys(root);
    this.observer = new ResizeObserver(() => this.draw());
    this.listen();
    this.tell();
  }

  build() {
    const { places, steps } = this.walk.graph;
    const bar = make(
      "div",
      { class: "kit-bar", role: "group", "aria-label": "Zoom of the graph" },
      this.button("−", "Zoom out", () => this.zoom(1 / ZOOM)),
      this.button("+", "Zoom in", () => this.zoom(ZOOM)),
      this.button("whole graph", "Show the whole graph", () => this.zoom(0)),
    );
    const summary = `Graph of states: ${counted(places.length, "state")}, ${counted(steps.length, "step")}`;
    return make(
      "details",
      { open: this.model.get("opened") },
      make("summary", {}, summary),
      make("p", "kit-legend", legend(this.walk)),
      this.figure,
      bar,
      this.said,
      this.steps,
      this.all,
    );
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {() => void} onclick
   */
  button(text, label, onclick) {
    return make("button", { type: "button", "aria-label": label, title: label, onclick }, text);
  }

  listen() {
    const { figure } = this;
    this.fold.addEventListener("toggle", () => this.draw());
    this.all.addEventListener("toggle", () => this.tellAll());
    this.observer.observe(figure);
    figure.addEventListener("keydown", (event) => this.press(event));
    figure.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    figure.addEventListener("pointerdown", (event) => {
      this.moved = false;
      this.held = { x: event.clientX, y: event.clientY, middle: this.middle };
    });
    figure.addEventListener("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      figure.addEventListener(name, () => {
        this.held = null;
      });
    }
    figure.addEventListener("click", (event) => this.click(event));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { walk } = this;
    const along = this.plan?.down ? ["ArrowDown", "ArrowUp"] : ["ArrowRight", "ArrowLeft"];
    const across = this.plan?.down ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    /** @type {Record<string, () => void>} */
    const actions = {
      [along[0] ?? ""]: () => walk.forwards(),
      [along[1] ?? ""]: () => walk.back(),
      [across[0] ?? ""]: () => walk.choose(1),
      [across[1] ?? ""]: () => walk.choose(-1),
      Home: () => walk.go(0),
      End: () => walk.go(walk.wayStates.at(-1) ?? 0),
      "+": () => this.zoom(ZOOM),
      "=": () => this.zoom(ZOOM),
      "-": () => this.zoom(1 / ZOOM),
      0: () => this.zoom(0),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
    this.tell();
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-0.01 * event.deltaY));
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { held, plan } = this;
    if (!held || !plan || this.zoomed === 1) return;
    const [x, y] = [event.clientX - held.x, event.clientY - held.y];
    if (!this.moved && Math.hypot(x, y) < DRAGGED) return;
    if (!this.moved) this.figure.setPointerCapture(event.pointerId);
    this.moved = true;
    const scale = plan.scale * this.zoomed;
    this.show([held.middle[0] - x / scale, held.middle[1] - y / scale]);
  }

  /**
   * Choose the state that is nearest to a click; the end of a drag chooses none.
   * @param {MouseEvent} event
   */
  click(event) {
    const { plan } = this;
    const box = this.picture.getBoundingClientRect();
    if (this.moved || !plan || !box.width) return;
    const [left, top, width] = this.part;
    const scale = width / box.width;
    const at = [left + (event.clientX - box.left) * scale, top + (event.clientY - box.top) * scale];
    const far = plan.points.map(([x, y]) => Math.hypot(x - (at[0] ?? 0), y - (at[1] ?? 0)));
    const nearest = Math.min(...far);
    if (nearest * plan.scale * this.zoomed > 24) return;
    this.walk.go(far.indexOf(nearest));
    this.tell();
  }

  /** @param {number} by times; 0 shows the whole graph */
  zoom(by) {
    this.zoomed = by ? Math.min(CLOSEST, Math.max(1, this.zoomed * by)) : 1;
    const { plan } = this;
    if (!plan) return;
    // A finger scrolls the page as long as there is nothing to pan.
    this.figure.style.touchAction = this.zoomed > 1 ? "none" : "";
    this.show(plan.points[this.walk.at] ?? this.middle);
  }

  /** What is seen of the graph: left, top, width, height. */
  get part() {
    const { width = 1, height = 1 } = this.plan ?? {};
    const [w, h] = [width / this.zoomed, height / this.zoomed];
    const [x, y] = this.middle;
    const within = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(Math.max(0, at), most);
    return [within(x - w / 2, width - w), within(y - h / 2, height - h), w, h];
  }

  /** @param {[number, number]} middle */
  show(middle) {
    this.middle = middle;
    this.picture.setAttribute("viewBox", this.part.join(" "));
    // The names of threads stay as large as other texts, however small the graph is.
    const scale = (this.plan?.scale ?? 1) * this.zoomed;
    this.picture.style.setProperty("--kit-name", `${11 / Math.min(1, scale)}px`);
  }

  /** Draw everything anew; nothing while it is folded away and has no width. */
  draw() {
    const width = this.figure.clientWidth;
    if (!width) return;
    const { graph } = this.walk;
    const plan = planOf(graph.places, { width, height: HIGHEST });
    this.plan = plan;
    this.picture.setAttribute("width", String(plan.width * plan.scale));
    this.picture.setAttribute("height", String(plan.height * plan.scale));
    const way = new Set(this.walk.way);
    const lines = graph.steps.map(([source, target], step) => {
      const bent = graph.places[target]?.[0] !== (graph.places[source]?.[0] ?? 0) + 1;
      const [d, marked] = [lineOf(plan, source, target, bent), way.has(step) ? " kit-way" : ""];
      return drawn("path", { class: `kit-step${marked}`, d });
    });
    // What is marked lies over what is not.
    lines.sort((one, other) => one.classList.length - other.classList.length);
    this.here = drawn("g", {});
    this.picture.replaceChildren(...lines, ...this.states(plan), this.here);
    this.show(this.zoomed === 1 ? [plan.width / 2, plan.height / 2] : this.middle);
    this.mark();
  }

  /** @param {import("./graph_drawing.js").Plan} plan */
  states(plan) {
    const { walk } = this;
    const on = new Set(walk.wayStates);
    const drawnStates = plan.points.map((point, state) => {
      const shape = stateOf(point, shapeOf(walk, state));
      if (on.has(state)) shape.classList.add("kit-way");
      return shape;
    });
    const turning = walk.noReturn;
    const [cx, cy] = plan.points[turning] ?? [0, 0];
    if (turning >= 0) drawnStates.push(drawn("circle", { class: "kit-turning", cx, cy, r: 13 }));
    return drawnStates;
  }

  /** Mark the chosen state, the steps from it, and the one that is next. */
  mark() {
    const { here, plan, walk } = this;
    if (!here || !plan) return;
    const { graph } = walk;
    const [x, y] = plan.points[walk.at] ?? [0, 0];
    const leaving = walk.choices.map((step) => {
      const [source, target] = graph.steps[step] ?? [0, 0];
      const bent = graph.places[target]?.[0] !== (graph.places[source]?.[0] ?? 0) + 1;
      const next = step === walk.candidate ? " kit-next" : "";
      const [u, v] = plan.points[target] ?? [0, 0];
      return drawn(
        "g",
        { class: `kit-leaving${next}` },
        drawn("path", { d: lineOf(plan, source, target, bent) }),
        ...(next ? [drawn("text", { x: (x + u) / 2, y: (y + v) / 2 - 4 }, walk.thread(step))] : []),
      );
    });
    const chosen = drawn("circle", { class: "kit-chosen", cx: x, cy: y, r: 17 });
    here.replaceChildren(chosen, ...leaving);
    const [left, top, width, height] = this.part;
    const [l = 0, t = 0, w = 0, h = 0] = [left, top, width, height];
    if (x < l || x > l + w || y < t || y > t + h) this.show([x, y]);
  }

  /** Tell the chosen state in words, and offer the steps from it and to it. */
  tell() {
    const { walk } = this;
    const { at, graph } = walk;
    this.mark();
    const next = walk.candidate === undefined ? [] : [`Next step: ${walk.stepWords(walk.candidate)}.`];
    const told = [...walk.prospects(at), ...next].join(" ");
    this.said.replaceChildren(
      make("p", {}, make("strong", {}, walk.title(at)), `: ${walk.facts(at).join("; ")}.`),
      make("p", {}, told),
    );
    const from = walk.choices.map((step) => this.step(walk.stepWords(step), graph.steps[step]?.[1] ?? 0));
    const to = (walk.arriving[at] ?? []).map((step) => {
      const source = graph.steps[step]?.[0] ?? 0;
      return this.step(`from state ${source + 1}: ${walk.deed(step)}`, source);
    });
    const rows = [row("From here:", from), row("To here:", to)];
    this.steps.replaceChildren(...rows.filter((one) => one !== null));
    keepKeys(this.steps);
  }

  /**
   * @param {string} text
   * @param {number} state
   */
  step(text, state) {
    const onclick = () => {
      this.walk.go(state);
      this.tell();
      // The button that was pressed is gone.
      this.figure.focus({ preventScroll: true });
    };
    return make("button", { type: "button", onclick }, text);
  }

  /** Tell all states, once somebody wants to read them. */
  tellAll() {
    const { walk } = this;
    if (!this.all.open || this.all.childElementCount > 1) return;
    const items = walk.graph.places.map((_, state) =>
      make(
        "li",
        {},
        `${walk.title(state)}: ${[walk.facts(state).join("; "), ...walk.prospects(state)].join(". ")}`,
        make("ul", {}, ...walk.leaving[state].map((step) => make("li", {}, walk.stepWords(step)))),
      ),
    );
    this.all.append(make("ol", {}, ...items));
  }

  end() {
    this.observer.disconnect();
  }
}

/**
 * @param {Model<GraphOfStatesTraits>} model
 * @returns {GraphOfStatesTraits}
 */
const read = (model) =>
  /** @type {GraphOfStatesTraits} */ (
    /** @type {unknown} */ (Object.fromEntries(TRAITS.map((name) => [name, model.get(name)])))
  );

/**
 * @param {number} number
 * @param {string} what
 */
const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;

/**
 * @param {string} title
 * @param {HTMLElement[]} buttons
 */
const row = (title, buttons) =>
  buttons.length ? make("div", {}, make("span", {}, title), ...buttons) : null;

/**
 * @param {GraphWalk} walk
 * @param {number} state
 * @returns {Parameters<typeof stateOf>[1]}
 */
function shapeOf(walk, state) {
  const end = walk.graph.ends[state] ?? -1;
  if (end >= 0) {
    const good = walk.graph.outcomes[end]?.[1];
    if (!walk.judged) return { kind: "end", text: `${end + 1}` };
    return good ? { kind: "good", text: `✓${end + 1}` } : { kind: "bad", text: `✕${end + 1}` };
  }
  if (state === 0) return { kind: "start" };
  return { kind: walk.judged && !walk.canEndWell(state) ? "late" : "open" };
}

/** @param {GraphWalk} walk */
function legend(walk) {
  const ends = walk.judged
    ? "● a good end can still be reached · ◌ none can be reached · ▢ ✓ good end · ◇ ✕ bad end · " +
      "double ring: up to here the run could still have gone well"
    : "● state · ▢ end";
  return (
    `▷ beginning · ${ends}; a number is that of the outcome in the list · thick line: the way of the ` +
    "outcome that is played. Choose a state by a click or by arrow keys."
  );
}

export default {
  /** @param {Place<GraphOfStatesTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    let view = new GraphView(model, root);
    const build = () => {
      const { open } = view.fold;
      view.end();
      view = new GraphView(model, root);
      view.fold.open = open;
    };
    const leave = follow(model, TRAITS, [], { build, update: () => {} });
    return () => {
      view.end();
      leave();
    };
  },
};
