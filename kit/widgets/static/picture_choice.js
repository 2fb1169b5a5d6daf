/**
 * Answering on the picture: buttons over the segments of address spaces that are on the page.
 */
import { keepKeys, make } from "./dom.js";

const LOOK_AGAIN = 150; // ms between two looks for figures that are not drawn yet
const MOST_LOOKS = 400;
const MOVES = "change:tick change:playing";

/** @typedef {{element: HTMLElement, observer: ResizeObserver}} Layer the buttons over a figure */

/** Buttons over segments; they are there at the moment of the question, until it is answered. */
export class PictureChoice {
  /**
   * @param {Model<PredictTraits>} model of the question
   * @param {Reference} player of the question
   * @param {(place: number) => void} pick takes the place of a choice
   */
  constructor(model, player, pick) {
    this.model = model;
    this.pick = pick;
    /** @type {number[]} */
    this.chosen = [];
    /** @type {Map<HTMLElement, Layer>} by what they lie over */
    this.layers = new Map();
    /** @type {Model<PlayerTraits> | null} */
    this.player = null;
    this.gone = false;
    /** @type {Timer | undefined} */
    this.waiting = undefined;
    this.turn = 0;
    this.looks = 0;
    this.update = () => this.refresh();
    this.renew = () => {
      this.clear();
      this.refresh();
    };
    model.on("change:places", this.renew);
    model.on("change:tries", this.update);
    this.start(player);
  }

  /** @param {Reference} reference of the player */
  async start(reference) {
    /** @type {Model<PlayerTraits>} */
    const player = await this.find(reference);
    if (this.gone) return;
    this.player = player;
    player.on(MOVES, this.update);
    this.refresh();
  }

  /**
   * @template {object} Traits
   * @param {Reference} reference
   * @returns {Promise<Model<Traits>>}
   */
  find(reference) {
    return this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
  }

  get due() {
    const { player, model } = this;
    const stands = player && !player.get("playing") && player.get("tick") === model.get("at");
    return Boolean(stands) && model.get("tries") === 0;
  }

  /** Put buttons on the figures that are drawn, and take them away when they are not due. */
  async refresh() {
    this.turn += 1;
    const turn = this.turn;
    clearTimeout(this.waiting);
    const wanted = this.due ? this.model.get("places") : [];
    const found = await Promise.all(wanted.map((one) => this.drawn(one)));
    if (turn !== this.turn || this.gone) return;
    const figures = new Map(found.flat());
    for (const [figure, layer] of this.layers) if (!figures.has(figure)) this.uncover(figure, layer);
    for (const [figure, boxes] of figures) if (!this.layers.has(figure)) this.cover(figure, boxes);
    this.mark();
    this.looks += 1;
    // A figure may be drawn after the question.
    if (found.some((views) => views.length === 0) && this.looks < MOST_LOOKS) {
      this.waiting = setTimeout(this.update, LOOK_AGAIN);
    }
  }

  /**
   * The elements of a figure that are on the page, each with its boxes.
   * @param {Places} places
   * @returns {Promise<[HTMLElement, Places["boxes"]][]>}
   */
  async drawn({ figure, boxes }) {
    const model = await this.find(figure);
    const views = await Promise.all(Object.values(model.views ?? {}));
    return views.filter(({ el }) => el.isConnected).map(({ el }) => [el, boxes]);
  }

  /**
   * @param {HTMLElement} figure
   * @param {Places["boxes"]} boxes
   */
  cover(figure, boxes) {
    const choices = this.model.get("choices");
    const buttons = boxes.map(([place, left, top, width, height]) => {
      const label = choices[place].text;
      const made = make("button", {
        type: "button",
        class: "kit-pick",
        "aria-label": label,
        title: label,
        "data-place": place,
        onclick: () => this.pick(place),
      });
      const shares = { left, top, width, height };
      for (const [name, share] of Object.entries(shares)) made.style.setProperty(name, `${100 * share}%`);
      return made;
    });
    const group = { class: "kit-picks", role: "group", "aria-label": this.model.get("prompt") };
    const element = make("div", group, ...buttons);
    // Beside the figure, not in it: for a screen reader that is one picture.
    figure.parentElement?.append(element);
    keepKeys(element);
    const observer = new ResizeObserver(() => {
      const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = figure;
      const spot = { left, top, width, height };
      for (const [name, pixels] of Object.entries(spot)) element.style.setProperty(name, `${pixels}px`);
    });
    observer.observe(figure);
    this.layers.set(figure, { element, observer });
  }

  /**
   * @param {HTMLElement} figure
   * @param {Layer} layer
   */
  uncover(figure, { element, observer }) {
    observer.disconnect();
    element.remove();
    this.layers.delete(figure);
  }

  /**
   * Say which one is chosen.
   * @param {number[]} chosen
   */
  show(chosen) {
    this.chosen = chosen;
    this.mark();
  }

  mark() {
    for (const { element } of this.layers.values()) {
      for (const button of element.children) {
        const pressed = this.chosen.includes(Number(button.getAttribute("data-place")));
        button.setAttribute("aria-pressed", String(pressed));
      }
    }
  }

  clear() {
    for (const [figure, layer] of this.layers) this.uncover(figure, layer);
  }

  dispose() {
    this.gone = true;
    clearTimeout(this.waiting);
    this.clear();
    this.player?.off(MOVES, this.update);
    this.model.off("change:places", this.renew);
    this.model.off("change:tries", this.update);
  }
}
