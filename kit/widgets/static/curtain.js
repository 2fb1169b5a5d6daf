/**
 * Hides the other parts of its box until the questions about them have been answered.
 */
import { make, together } from "./dom.js";

class CurtainView {
  /**
   * @param {Model<CurtainTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.words = make("p", { role: "status" });
    root.replaceChildren(this.words);
    /** @type {Model<PredictTraits>[]} */
    this.questions = [];
    this.ended = false;
    this.update = () => this.draw();
    void this.find();
  }

  async find() {
    const { widget_manager: models } = this.model;
    /** @type {Promise<Model<PredictTraits>>[]} */
    const found = this.model.get("questions").map((one) => models.get_model(one.slice("IPY_MODEL_".length)));
    const questions = await Promise.all(found);
    this.end();
    this.questions = questions;
    for (const question of questions) question.on("change:tries", this.update);
    this.draw();
  }

  draw() {
    const open = this.questions.filter((question) => !question.get("tries"));
    this.words.textContent = open.length
      ? `Shown when this question has been answered: “${open[0].get("prompt")}”`
      : "";
    this.root.parentElement?.classList.toggle("kit-drawn", open.length > 0);
    this.hide(open.length > 0);
  }

  /**
   * The class is set on the box itself: with `:has` in the style sheet every player of the page
   * played at 30 frames a second, not at 60.
   * @param {boolean} hidden
   */
  hide(hidden) {
    const box = this.root.closest(".kit-view");
    if (box) box.classList.toggle("kit-behind-curtain", hidden);
    else if (!this.ended) requestAnimationFrame(() => this.hide(hidden));
  }

  end() {
    for (const question of this.questions) question.off("change:tries", this.update);
    this.questions = [];
  }
}

export default {
  /** @param {Place<CurtainTraits>} place */
  render({ model, el }) {
    const root = make("div", "kit-curtain");
    el.append(root);
    const view = new CurtainView(model, root);
    const find = together(() => void view.find());
    model.on("change:questions", find);
    return () => {
      model.off("change:questions", find);
      view.ended = true;
      view.end();
    };
  },
};
