/**
 * A place to write an explanation; the rubric and another explanation open when one is written.
 */
import { Notice } from "./connection.js";
import { keepKeys, make, releasable, together, withCode } from "./dom.js";

const UNHEARD = "You can go on writing, but nothing is saved; run its cell again to connect it.";

class Explanation {
  /**
   * @param {Model<ExplainTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.field = make("textarea", { rows: 4, "aria-label": `Your explanation: ${model.get("prompt")}` });
    this.printed = make("p", "kit-printed");
    this.press = make("button", { type: "submit", class: "kit-check" }, "Compare");
    this.said = make("span", { class: "kit-said", role: "status" });
    this.ticks = model.get("rubric").map((_, place) => this.tick(place));
    this.rubric = make(
      "fieldset",
      {},
      make("legend", {}, "Check yours: what does it say?"),
      ...this.ticks.map((tick, place) =>
        make("label", {}, tick, make("span", {}, ...withCode(model.get("rubric")[place]))),
      ),
    );
    const paragraphs = model.get("ours").split(/\n\s*\n/);
    this.ours = make(
      "details",
      "kit-ours",
      make("summary", {}, "Ours, to compare"),
      ...paragraphs.map((text) => make("p", {}, ...withCode(text))),
    );
    this.notice = new Notice(model, "this explanation", UNHEARD, () => model.get("unsaved"));
    this.build(root);
    this.update = together(() => this.restore());
    model.on("change:text change:ticked change:tries", this.update);
    this.notify = () => this.notice.update();
    model.on("change:unsaved", this.notify);
    this.restore();
  }

  /** @param {HTMLElement} root */
  build(root) {
    const form = make(
      "form",
      {},
      make("p", "kit-prompt", make("b", {}, "Explain: "), ...withCode(this.model.get("prompt"))),
      this.field,
      this.printed,
      make("div", "kit-actions", this.press, this.said),
    );
    this.field.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    root.classList.add("kit-explain");
    root.append(form, this.rubric, this.ours, this.notice.element);
    keepKeys(root);
  }

  /** @param {number} place */
  tick(place) {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      const others = this.model.get("ticked").filter((one) => one !== place);
      this.model.set({ ticked: box.checked ? [...others, place].sort((a, b) => a - b) : others });
      this.model.save_changes();
      this.notice.refuses();
    });
    return box;
  }

  changed() {
    const text = this.field.value.trim();
    const { tries, kept } = { tries: this.model.get("tries"), kept: this.model.get("text") };
    this.press.disabled = text === "" || (tries > 0 && this.field.value === kept);
    this.said.textContent = tries > 0 && this.field.value !== kept ? "Changed, and not kept yet." : "";
  }

  keep() {
    const { model } = this;
    const text = this.field.value;
    if (this.press.disabled) return;
    const first = model.get("tries") === 0;
    model.set({ text, tries: model.get("tries") + 1 });
    model.save_changes();
    this.notice.refuses();
    this.restore();
    this.said.textContent = first ? "Kept. Now check it against the list." : "Kept.";
  }

  /** Show what was written, also after the page was opened anew. */
  restore() {
    const { model } = this;
    const written = model.get("tries") > 0;
    if (written && this.shown !== model.get("text")) {
      this.shown = model.get("text");
      this.field.value = this.shown;
    }
    this.printed.textContent = model.get("text");
    this.press.textContent = written ? "Keep" : "Compare";
    this.rubric.hidden = !written;
    this.ours.hidden = !written;
    this.ticks.forEach((box, place) => {
      box.checked = model.get("ticked").includes(place);
    });
    this.changed();
  }

  /** @type {string | undefined} what was last put into the field */
  shown;

  dispose() {
    this.model.off("change:text change:ticked change:tries", this.update);
    this.model.off("change:unsaved", this.notify);
    this.notice.end();
  }
}

export default releasable((/** @type {Model<ExplainTraits>} */ model, root) => {
  const explanation = new Explanation(model, root);
  return () => explanation.dispose();
});
