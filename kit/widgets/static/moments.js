/**
 * Moments of a run as a list: a click goes there, the one reached last is marked, some ask.
 */
import { follow, keepKeys, make } from "./dom.js";

class MomentsView {
  /**
   * @param {Model<MomentListTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    /** @type {HTMLElement | undefined} */
    this.marked = undefined;
    this.items = model.get("ticks").map((tick, place) => this.item(tick, place));
    root.className = "kit-moments";
    root.replaceChildren(make("ol", {}, ...this.items));
    keepKeys(root);
    this.update();
  }

  /**
   * @param {number} tick
   * @param {number} place
   */
  item(tick, place) {
    const go = make(
      "button",
      { type: "button", class: "kit-go", onclick: () => this.go(tick), title: `Go to tick ${tick}` },
      `t = ${tick}`,
    );
    const here = make("span", { class: "kit-here", hidden: true }, "← you are here");
    const item = make("li", {}, go, this.model.get("texts")[place], here);
    if (this.model.get("answers")[place]) item.append(this.question(place));
    return item;
  }

  /**
   * What is asked at a moment; its answer is opened when somebody has committed to their own.
   * @param {number} place
   */
  question(place) {
    const { model } = this;
    const field = make("textarea", { rows: 1, "aria-label": `Your answer to: ${model.get("texts")[place]}` });
    const press = make("button", { type: "submit", disabled: true }, "Answer");
    const own = make("p", "kit-own");
    const answer = make("p", { class: "kit-answer", role: "status" });
    const form = make("form", {}, field, press);
    const show = () => {
      const written = model.get("written")[place];
      form.hidden = Boolean(written);
      own.textContent = written ? `You: ${written}` : "";
      answer.textContent = written ? model.get("answers")[place] : "";
    };
    field.addEventListener("input", () => {
      press.disabled = field.value.trim() === "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      model.set("written", { ...model.get("written"), [place]: text });
      // What the player drives would be sent along with what is saved.
      model.send({ do: "answer", place, text });
      show();
    });
    model.on("change:written", show);
    this.ends.push(() => model.off("change:written", show));
    show();
    return make("div", {}, form, own, answer);
  }

  /** @type {(() => void)[]} */
  ends = [];

  /** @param {number} tick */
  async go(tick) {
    const reference = this.model.get("player");
    if (!reference) return;
    /** @type {Model<PlayerTraits>} */
    const player = await this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
    player.set({ playing: false, tick });
    player.save_changes();
  }

  /** Mark the moment that was reached last. */
  update() {
    const item = this.items[Math.round(this.model.get("reached")[0] ?? -1)];
    if (item === this.marked) return;
    for (const [one, on] of /** @type {[HTMLElement | undefined, boolean][]} */ ([
      [this.marked, false],
      [item, true],
    ])) {
      if (!one) continue;
      one.classList.toggle("kit-reached", on);
      if (on) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
      const here = one.querySelector(".kit-here");
      if (here instanceof HTMLElement) here.hidden = !on;
    }
    this.marked = item;
  }

  end() {
    for (const one of this.ends) one();
  }
}

export default {
  /** @param {Place<MomentListTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    let view = new MomentsView(model, root);
    const build = () => {
      view.end();
      view = new MomentsView(model, root);
    };
    const leave = follow(model, ["ticks", "texts", "answers"], ["reached"], {
      build,
      update: () => view.update(),
    });
    return () => {
      view.end();
      leave();
    };
  },
};
