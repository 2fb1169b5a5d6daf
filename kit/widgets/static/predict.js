/**
 * A prediction: answer, check, read why, see the moment that shows it.
 *
 * Checked here, so that it works without a kernel; Python is told what was chosen, and checks
 * it again.
 */
import { Notice } from "./connection.js";
import { keepKeys, make, releasable, together } from "./dom.js";
import { feedbackTo, missesAfter, rightPlaces, roundAnswered, roundNow, roundsOf } from "./evaluation.js";
import { OrderedChoices, TickedChoices } from "./answer_forms.js";
import { PictureChoice } from "./picture_choice.js";

/**
 * What is said of how to answer.
 * @param {Model<PredictTraits>} model
 */
function howTo(model) {
  const form = model.get("form");
  if (form === "several") return "Tick all that are right.";
  if (form === "order") return "Put these in order, earliest at the top.";
  const onPicture = model.get("places").some(({ boxes }) => boxes.length > 0);
  return onPicture ? `Choose here or, at tick ${model.get("at")}, in the picture.` : "";
}

/**
 * What is said of how to answer another instance.
 * @param {Instance} asked
 */
function howToFresh({ form, at, pictured }) {
  const moment = pictured && at !== null ? `The picture stops at tick ${at}.` : "";
  const how = { several: "Tick all that are right.", order: "Put these in order, earliest at the top." };
  return [moment, how[/** @type {"several" | "order"} */ (form)] ?? ""].filter(Boolean).join(" ");
}

const CHANGES = "change:chosen change:tries change:correct change:misses change:instances change:places";
const JUDGED = "change:correct change:misses";
const UNHEARD = "You can answer, but no answer is saved; run its cell again to connect it.";

class Prediction {
  /**
   * @param {Model<PredictTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.rounds = roundsOf(this.state);
    this.round = -1;
    /** @type {TickedChoices | OrderedChoices} */
    this.answers = new TickedChoices([], false, () => this.changed());
    this.how = make("p", { class: "kit-how" });
    const press = { type: "button", class: "kit-check", onclick: () => this.answer() };
    this.check = make("button", press, "Check");
    this.show = make("button", {
      type: "button",
      class: "kit-show",
      onclick: () => this.jump(this.shownTick),
    });
    this.past = make("div", { class: "kit-past", role: "status", "aria-live": "polite" });
    this.asking = make("div");
    this.feedback = make("div", { class: "kit-feedback", role: "status", "aria-live": "polite" });
    this.notice = new Notice(model, "this question", UNHEARD, () => model.get("unsaved"));
    this.shownTick = 0;
    /** @type {Pick<PredictTraits, "chosen" | "tries" | "correct" | "misses"> | null} as answered here */
    this.own = null;
    /** The answer that is ticked already, so that what is ticked since stays. */
    this.ticked = "";
    /** @type {PictureChoice | null} */
    this.picture = null;
    this.root = root;
    root.classList.add("kit-predict");
    const actions = make("div", { class: "kit-actions" }, this.check, this.show);
    root.append(this.past, this.asking, actions, this.feedback, this.notice.element);
    this.keep = () => this.keepOwn();
    model.on(JUDGED, this.keep);
    this.update = together(() => this.restore());
    model.on(CHANGES, this.update);
    this.notify = () => this.notice.update();
    model.on("change:unsaved", this.notify);
    this.restore();
    const player = model.get("player");
    if (model.get("form") === "mark" && player && this.round === 0) {
      this.picture = new PictureChoice(model, player, (place) => this.pick(place));
      this.picture.show(this.answers.chosen);
    }
    if (this.round > 0 && this.isOpen) this.hold();
  }

  /** What is asked, and what was answered. */
  get state() {
    const { model } = this;
    const [key, prompt, at] = [model.get("key"), model.get("prompt"), model.get("at")];
    const [form, order, choices] = [model.get("form"), model.get("order"), model.get("choices")];
    const [instances, misses] = [model.get("instances"), model.get("misses")];
    const [why, tick, correct] = [model.get("why"), model.get("tick"), model.get("correct")];
    return { key, prompt, at, form, order, choices, instances, misses, why, tick, correct };
  }

  /** What is asked now. */
  get asked() {
    return this.rounds[this.round];
  }

  /** Whether what is asked now has no answer yet. */
  get isOpen() {
    const { model } = this;
    return model.get("chosen").length === 0 || roundAnswered(this.state) !== this.round;
  }

  /**
   * Ask one of the rounds.
   * @param {number} round
   */
  ask(round) {
    this.round = round;
    const { prompt, choices, form } = this.asked;
    const changed = () => this.changed();
    this.answers =
      form === "order"
        ? new OrderedChoices(choices, changed)
        : new TickedChoices(choices, form === "several", changed);
    this.how = make("p", { class: "kit-how" });
    const legend = make("legend", {}, make("b", {}, "Predict: "), prompt);
    this.asking.replaceChildren(make("fieldset", {}, legend, this.how, this.answers.element));
    if (round > 0) this.picture?.dispose();
    this.tellPast();
    keepKeys(this.root);
  }

  /** Tell what the rounds that are over came to. */
  tellPast() {
    const misses = this.model.get("misses");
    const told = this.past.children.length;
    if (told > this.round) this.past.replaceChildren();
    for (let over = Math.min(told, this.round); over < this.round; over += 1) {
      this.past.append(this.over(this.rounds[over], misses[2 * over + 1] ?? []));
    }
  }

  /**
   * A round that is over, in words: why the answer is wrong, and what is right.
   * @param {Instance} asked
   * @param {number[]} chosen
   */
  over(asked, chosen) {
    const strong = (/** @type {string} */ words) => make("b", {}, words);
    const texts = (/** @type {number[]} */ places) =>
      places.map((place) => asked.choices[place].text).join("; ");
    const told = feedbackTo(asked, chosen);
    const right = rightPlaces(asked);
    const why = feedbackTo(asked, right).text.replace(/^Right[:.,] */, "");
    const answer = `${texts(right)}. ${why.charAt(0).toUpperCase()}${why.slice(1)}`;
    const wrong = make("div", { class: "kit-wrong" }, ...this.inWords(told));
    const solution = make("p", { class: "kit-right" }, "✓ ", strong("The answer: "), answer);
    const block = make(
      "div",
      { class: "kit-over" },
      make("p", {}, strong("Predict: "), asked.prompt),
      make("p", {}, strong("Your answer: "), texts(chosen)),
      wrong,
      solution,
    );
    if (asked.pictured && this.model.get("player")) {
      const onclick = () => this.jump(told.tick);
      const words = `Show me at tick ${told.tick}`;
      block.append(make("button", { type: "button", class: "kit-show", onclick }, words));
    }
    block.append(make("p", { class: "kit-fresh" }, "Try another question of the same kind:"));
    return block;
  }

  changed() {
    this.check.disabled = this.answers.chosen.length === 0;
    this.picture?.show(this.answers.chosen);
  }

  /**
   * A segment of the picture was chosen.
   * @param {number} place
   */
  pick(place) {
    this.answers.show([place]);
    this.changed();
  }

  async answer() {
    const { model, round } = this;
    const chosen = [...this.answers.chosen];
    const { correct } = feedbackTo(this.asked, chosen);
    const misses = missesAfter(this.state, chosen, correct);
    this.own = { chosen, correct, misses, tries: model.get("tries") + 1 };
    model.set(this.own);
    model.save_changes();
    this.notice.refuses();
    this.restore();
    await this.unlock();
    if (this.round === round) return;
    await this.hold();
    // What was pressed can be pressed again only when something is chosen.
    const first = /** @type {HTMLElement | null} */ (this.asking.querySelector("input, button"));
    first?.focus({ preventScroll: true });
  }

  /** What Python says of an answer may come when the next one was given: it is about that no more. */
  keepOwn() {
    const { model, own } = this;
    const [tries, chosen] = [model.get("tries"), model.get("chosen")];
    if (own?.tries === tries && String(own.chosen) === String(chosen)) model.set(own);
  }

  /** From the first answer on, the player may go beyond the question. */
  async unlock() {
    const player = await this.player();
    const { [this.model.get("key")]: own, ...others } = player?.get("locks") ?? {};
    if (own !== undefined) player?.set("locks", others); // Python does the same when it is told
  }

  /** Let the player stop at another instance, as Python does, too. */
  async hold() {
    const player = await this.player();
    const [key, { at, pictured, prompt }] = [this.model.get("key"), this.asked];
    if (!player || !pictured || at === null) return;
    player.set("prompts", { ...player.get("prompts"), [key]: prompt });
    player.set("locks", { ...player.get("locks"), [key]: at });
  }

  /** @returns {Promise<Model<PlayerTraits> | null>} */
  async player() {
    const reference = this.model.get("player");
    if (!reference) return null;
    return this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
  }

  /** Show what was chosen, also after the page was opened anew. */
  restore() {
    this.rounds = roundsOf(this.state);
    const round = roundNow(this.state);
    if (round !== this.round) this.ask(round);
    const chosen = this.model.get("chosen");
    const answered = !this.isOpen;
    this.how.textContent = round > 0 ? howToFresh(this.asked) : howTo(this.model);
    this.how.hidden = this.how.textContent === "";
    const ticked = `${round}/${this.model.get("tries")}/${chosen}`;
    if (answered && ticked !== this.ticked) this.answers.show(chosen);
    this.ticked = ticked;
    this.changed();
    this.feedback.className = "kit-feedback";
    this.show.hidden = !answered || !this.asked.pictured || !this.model.get("player");
    if (answered) this.tell(feedbackTo(this.asked, chosen));
    else this.feedback.replaceChildren();
  }

  /** @param {ReturnType<typeof feedbackTo>} told */
  tell(told) {
    this.shownTick = told.tick;
    this.feedback.replaceChildren(...this.inWords(told));
    this.feedback.classList.add(told.correct ? "kit-right" : "kit-wrong");
    this.show.textContent = `Show me at tick ${told.tick}`;
  }

  /** @param {ReturnType<typeof feedbackTo>} told */
  inWords({ correct, text, about, idea, instead }) {
    const told = about ? [make("b", {}, `${about}: `), text] : [text];
    const said = [make("p", {}, `${correct ? "✓" : "✗"} `, ...told)];
    const strong = (/** @type {string} */ words) => make("b", {}, words);
    if (idea) {
      const parts = [strong("You may be thinking: "), `“${idea}.” `, strong("In fact: "), instead];
      said.push(make("p", { class: "kit-idea" }, ...parts));
    }
    return said;
  }

  /** @param {number} tick */
  async jump(tick) {
    const player = await this.player();
    player?.set({ playing: false, tick });
    player?.save_changes();
  }

  dispose() {
    this.model.off(JUDGED, this.keep);
    this.model.off(CHANGES, this.update);
    this.model.off("change:unsaved", this.notify);
    this.notice.end();
    this.picture?.dispose();
  }
}

export default releasable((/** @type {Model<PredictTraits>} */ model, root) => {
  const prediction = new Prediction(model, root);
  return () => prediction.dispose();
});
