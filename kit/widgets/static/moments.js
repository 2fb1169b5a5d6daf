/**
 * Moments of a run as a list: a click goes there, the one reached last is marked, some ask. What
 * an open question withholds is told when the question has been answered.
 */
import { follow, keepKeys, make, withCode } from "./dom.js";

const WITHHELD = "…opens when you have answered the question that stops the run.";

class MomentsView {
  /**
   * @param {Model<MomentListTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    /** @type {HTMLElement | undefined} */
    this.marked = undefined;
    /** @type {Model<PlayerTraits> | undefined} */
    this.player = undefined;
    /** @type {((limit: number) => void)[]} */
    this.opens = [];
    this.ended = false;
    this.items = model.get("ticks").map((tick, place) => this.item(tick, place));
    root.className = "kit-moments";
    root.replaceChildren(make("ol", {}, ...this.items));
    keepKeys(root);
    this.update();
    this.withhold();
    void this.findPlayer();
  }

  /** Show no more than the questions that are open allow. */
  withhold() {
    const limit = Math.min(Number.POSITIVE_INFINITY, ...Object.values(this.player?.get("locks") ?? {}));
    for (const open of this.opens) open(limit);
  }

  async findPlayer() {
    const reference = this.model.get("player");
    if (!reference) return;
    /** @type {Model<PlayerTraits>} */
    const player = await this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
    if (this.ended) return;
    const withhold = () => this.withhold();
    this.player = player;
    player.on("change:locks", withhold);
    this.ends.push(() => player.off("change:locks", withhold));
    this.withhold();
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
    const text = make("span");
    const item = make("li", {}, go, text, here);
    const asked = this.model.get("answers")[place] ? this.question(place) : null;
    if (asked) item.append(asked);
    this.opens.push((limit) => {
      const withheld = tick > limit;
      go.disabled = withheld;
      item.classList.toggle("kit-withheld", withheld);
      text.replaceChildren(...(withheld ? [WITHHELD] : withCode(this.model.get("texts")[place])));
      if (asked) asked.hidden = withheld;
    });
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
      answer.replaceChildren(...(written ? withCode(model.get("answers")[place]) : []));
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
  go(tick) {
    this.player?.set({ playing: false, tick });
    this.player?.save_changes();
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
    this.ended = true;
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
