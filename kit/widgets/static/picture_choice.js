/**
 * Answering on the picture: buttons over the segments of address spaces that are on the page.
 */
import { keepKeys, make } from "./dom.js";

const LOOK_AGAIN = 150; // ms between two looks for figures that are not drawn yet
const MOST_LOOKS = 400;
const MOVES = "change:tick change:playing";

/** Buttons over segments; they are there at the moment of the question, until it is answered. */
export class PictureChoice {
  /**
   * @param {object} model of the question
   * @param {function(number)} pick takes the place of a choice
   * @param {function(string)} find returns the model that a reference names
   */
  constructor(model, pick, find) {
    this.model = model;
    this.pick = pick;
    this.find = find;
    this.chosen = [];
    this.layers = new Map();
    this.turn = 0;
    this.looks = 0;
    this.update = () => this.refresh();
    this.renew = () => this.clear() || this.refresh();
    model.on("change:places", this.renew);
    model.on("change:tries", this.update);
    this.start();
  }

  async start() {
    const player = await this.find(this.model.get("player"));
    if (this.gone) return;
    this.player = player;
    player.on(MOVES, this.update);
    this.refresh();
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

  /** The elements of a figure that are on the page, each with its boxes. */
  async drawn({ figure, boxes }) {
    const model = await this.find(figure);
    const views = await Promise.all(Object.values(model.views ?? {}));
    return views.filter(({ el }) => el.isConnected).map(({ el }) => [el, boxes]);
  }

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
      for (const [name, share] of Object.entries(shares)) made.style[name] = `${100 * share}%`;
      return made;
    });
    const group = { class: "kit-picks", role: "group", "aria-label": this.model.get("prompt") };
    const element = make("div", group, ...buttons);
    // Beside the figure, not in it: for a screen reader that is one picture.
    figure.parentElement.append(element);
    keepKeys(element);
    const observer = new ResizeObserver(() => {
      const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = figure;
      const spot = { left, top, width, height };
      for (const [name, pixels] of Object.entries(spot)) element.style[name] = `${pixels}px`;
    });
    observer.observe(figure);
    this.layers.set(figure, { element, observer });
  }

  uncover(figure, { element, observer }) {
    observer.disconnect();
    element.remove();
    this.layers.delete(figure);
  }

  /** Say which one is chosen. */
  show(chosen) {
    this.chosen = chosen;
    this.mark();
  }

  mark() {
    for (const { element } of this.layers.values()) {
      for (const button of element.children) {
        const pressed = this.chosen.includes(Number(button.dataset.place));
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
