/**
 * A prediction: choose, check, read why, see the moment that shows it.
 *
 * Checked here, so that it works without a kernel; Python is told what was chosen.
 */
import { keepKeys, make } from "./dom.js";

let groups = 0;

class Prediction {
  constructor(model, root) {
    this.model = model;
    groups += 1;
    const group = `kit-predict-${groups}-${Math.random().toString(36).slice(2)}`;
    this.radios = [];
    const choices = model.get("choices").map((choice, place) => {
      const radio = make("input", {
        type: "radio",
        name: group,
        value: place,
        onchange: () => this.choose(),
      });
      this.radios.push(radio);
      return make("label", { class: "kit-choice" }, radio, make("span", {}, choice.text));
    });
    this.check = make("button", { type: "button", class: "kit-check", onclick: () => this.answer() }, "Check");
    this.show = make("button", { type: "button", class: "kit-show", onclick: () => this.jump() });
    this.feedback = make("p", { class: "kit-feedback", "aria-live": "polite" });
    const question = make("legend", {}, make("b", {}, "Predict: "), model.get("prompt"));
    root.classList.add("kit-predict");
    root.append(
      make("fieldset", {}, question, make("div", { class: "kit-choices" }, ...choices)),
      make("div", { class: "kit-actions" }, this.check, this.show),
      this.feedback,
    );
    keepKeys(root);
    this.update = () => this.restore();
    model.on("change:chosen", this.update);
    this.restore();
  }

  get selected() {
    return this.radios.findIndex((radio) => radio.checked);
  }

  choose() {
    this.check.disabled = this.selected < 0;
  }

  answer() {
    const place = this.selected;
    const { correct } = this.model.get("choices")[place];
    this.model.set({ chosen: place, correct, tries: this.model.get("tries") + 1 });
    this.model.save_changes();
    this.restore();
  }

  /** Show what was chosen, also after the page was opened anew. */
  restore() {
    const chosen = this.model.get("chosen");
    const choice = this.model.get("choices")[chosen];
    if (choice !== undefined) this.radios[chosen].checked = true;
    this.choose();
    this.feedback.className = "kit-feedback";
    if (choice === undefined) {
      this.feedback.textContent = "";
    } else {
      this.feedback.classList.add(choice.correct ? "kit-right" : "kit-wrong");
      this.feedback.textContent = `${choice.correct ? "✓" : "✗"} ${choice.feedback}`;
    }
    this.show.hidden = choice === undefined || !this.model.get("player");
    this.show.textContent = `Show me at tick ${this.model.get("tick")}`;
  }

  async jump() {
    const reference = this.model.get("player");
    const player = await this.model.widget_manager.get_model(reference.slice("IPY_MODEL_".length));
    player.set({ playing: false, tick: this.model.get("tick") });
    player.save_changes();
  }
}

export default () => {
  let views = 0;
  let released = false;
  /** Tell Python when a question of a cell that was run again is shown nowhere any more. */
  const check = (model) => {
    if (released && views === 0) model.send({ gone: true });
  };
  return {
    initialize({ model }) {
      model.on("msg:custom", (message) => {
        released ||= message.do === "release";
        check(model);
      });
    },
    render({ model, el }) {
      const root = document.createElement("div");
      el.append(root);
      const prediction = new Prediction(model, root);
      views += 1;
      return () => {
        model.off("change:chosen", prediction.update);
        views -= 1;
        check(model);
      };
    },
  };
};
