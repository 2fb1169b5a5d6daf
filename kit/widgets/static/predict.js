/**
 * A prediction: answer, check, read why, see the moment that shows it.
 *
 * Checked here, so that it works without a kernel; Python is told what was chosen, and checks
 * it again.
 */
import { Notice } from "./connection.js";
import { keepKeys, make, releasable, together } from "./dom.js";
import { feedbackTo } from "./evaluation.js";
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

const UNHEARD = "You can answer, but no answer is saved; run its cell again to connect it.";

class Prediction {
  /**
   * @param {Model<PredictTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    const form = model.get("form");
    const choices = model.get("choices");
    const changed = () => this.changed();
    this.answers =
      form === "order"
        ? new OrderedChoices(choices, changed)
        : new TickedChoices(choices, form === "several", changed);
    const press = { type: "button", class: "kit-check", onclick: () => this.answer() };
    this.check = make("button", press, "Check");
    this.show = make("button", { type: "button", class: "kit-show", onclick: () => this.jump() });
    this.feedback = make("div", { class: "kit-feedback", role: "status", "aria-live": "polite" });
    this.how = make("p", { class: "kit-how" });
    this.notice = new Notice(model, "this question", UNHEARD, () => model.get("unsaved"));
    this.shownTick = 0;
    /** @type {PictureChoice | null} */
    this.picture = null;
    this.build(root);
    this.update = together(() => this.restore());
    model.on("change:chosen change:tries change:places", this.update);
    this.notify = () => this.notice.update();
    model.on("change:unsaved", this.notify);
    this.restore();
    const player = model.get("player");
    if (form === "mark" && player) {
      this.picture = new PictureChoice(model, player, (place) => this.pick(place));
      this.picture.show(this.answers.chosen);
    }
  }

  /** @param {HTMLElement} root */
  build(root) {
    const prompt = this.model.get("prompt");
    root.classList.add("kit-predict");
    root.append(
      make(
        "fieldset",
        {},
        make("legend", {}, make("b", {}, "Predict: "), prompt),
        this.how,
        this.answers.element,
      ),
      make("div", { class: "kit-actions" }, this.check, this.show),
      this.feedback,
      this.notice.element,
    );
    keepKeys(root);
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
    const { model } = this;
    const chosen = [...this.answers.chosen];
    const { correct } = feedbackTo(this.asked, chosen);
    model.set({ chosen, correct, tries: model.get("tries") + 1 });
    model.save_changes();
    this.notice.refuses();
    await this.unlock();
  }

  get asked() {
    const { model } = this;
    const [form, order, choices] = [model.get("form"), model.get("order"), model.get("choices")];
    return { form, order, choices, why: model.get("why"), tick: model.get("tick") };
  }

  /** From the first answer on, the player may go beyond the question. */
  async unlock() {
    const player = await this.player();
    const { [this.model.get("key")]: own, ...others } = player?.get("locks") ?? {};
    if (own !== undefined) player?.set("locks", others); // Python does the same when it is told
  }

  /** @returns {Promise<Model<PlayerTraits> | null>} */
  async player() {
    const reference = this.model.get("player");
    if (!reference) return null;
    return this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
  }

  /** Show what was chosen, also after the page was opened anew. */
  restore() {
    const chosen = this.model.get("chosen");
    const answered = chosen.length > 0;
    this.how.textContent = howTo(this.model);
    this.how.hidden = this.how.textContent === "";
    if (answered) this.answers.show(chosen);
    this.changed();
    this.feedback.className = "kit-feedback";
    this.show.hidden = !answered || !this.model.get("player");
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

  async jump() {
    const player = await this.player();
    player?.set({ playing: false, tick: this.shownTick });
    player?.save_changes();
  }

  dispose() {
    this.model.off("change:chosen change:tries change:places", this.update);
    this.model.off("change:unsaved", this.notify);
    this.notice.end();
    this.picture?.dispose();
  }
}

export default releasable((/** @type {Model<PredictTraits>} */ model, root) => {
  const prediction = new Prediction(model, root);
  return () => prediction.dispose();
});
