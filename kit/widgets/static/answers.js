/**
 * The answers of a notebook: how many, which, where they are kept; export and import.
 *
 * The file is made here, so that it can be taken away also after the kernel has gone.
 */
import { Notice } from "./connection.js";
import { keepKeys, make, releasable } from "./dom.js";

const STATES = { right: "✓ right", wrong: "✗ not right", open: "○ not answered", written: "✎ written" };
const UNHEARD =
  "What is answered now is not saved, and is not in an export; run its cell again to connect it.";
const REVOKE_MS = 10000;

class AnswersView {
  /**
   * @param {Model<AnswersTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.summary = make("b", "kit-summary");
    this.place = make("span", "kit-place");
    this.problem = make("p", "kit-problem");
    this.list = make("ol", "kit-list");
    this.details = make("details", {}, make("summary", {}, "Question by question"), this.list);
    this.file = make("input", {
      type: "file",
      accept: ".json,application/json",
      tabindex: "-1",
      hidden: true,
      "aria-label": "File of answers to import",
      onchange: () => this.bring(),
    });
    this.save = make("button", { type: "button", onclick: () => this.take() }, "Export");
    const load = make("button", { type: "button", onclick: () => this.file.click() }, "Import");
    this.status = make("p", { class: "kit-status", role: "status", "aria-live": "polite" });
    this.notice = new Notice(model, "these answers", UNHEARD);
    this.notice.listeners.push(() => this.show());
    root.classList.add("kit-answers");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Your answers");
    root.append(
      make("p", { class: "kit-line", "aria-live": "polite" }, this.summary, " ", this.place),
      this.problem,
      this.notice.element,
      this.details,
      make("div", "kit-actions", this.save, load, this.file),
      this.status,
    );
    keepKeys(root);
    this.update = () => this.show();
    this.tell = () => this.say(model.get("status"));
    this.show();
    this.tell();
  }

  show() {
    const { model } = this;
    this.summary.textContent = `${model.get("summary")}.`;
    this.place.textContent = this.notice.lost ? "" : model.get("place");
    this.problem.textContent = model.get("problem");
    this.problem.hidden = !model.get("problem");
    const entries = model.get("entries");
    this.details.hidden = entries.length === 0;
    this.list.replaceChildren(
      ...entries.map(({ prompt, state, tries }) => {
        const told = make("span", `kit-state kit-${state}`);
        told.textContent = STATES[state] + (tries > 1 ? `, ${tries} tries` : "");
        return make("li", {}, make("span", "kit-prompt", prompt), " ", told);
      }),
    );
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  take() {
    const name = this.model.get("file_name");
    const blob = new Blob([this.model.get("content")], { type: "application/json" });
    const url = URL.createObjectURL(blob);
    const link = make("a", { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), REVOKE_MS);
    this.say(`Exported as ${name}.`);
  }

  async bring() {
    const file = this.file.files?.[0];
    if (!file) return;
    if (file.size > this.model.get("largest")) {
      this.say(`“${file.name}” was not imported: it is too large for a file of answers.`);
    } else if (this.notice.refuses()) {
      this.say(`“${file.name}” was not imported.`);
    } else {
      this.say(`Importing ${file.name} …`);
      const raw = await file.arrayBuffer();
      this.model.send({ do: "import", name: file.name }, undefined, [raw]);
    }
    // The same file can be chosen again.
    this.file.value = "";
  }
}

const SHOWN = ["entries", "summary", "place", "problem"];

export default releasable((/** @type {Model<AnswersTraits>} */ model, root) => {
  const view = new AnswersView(model, root);
  for (const name of SHOWN) model.on(`change:${name}`, view.update);
  model.on("change:status", view.tell);
  return () => {
    for (const name of SHOWN) model.off(`change:${name}`, view.update);
    model.off("change:status", view.tell);
    view.notice.end();
  };
});
