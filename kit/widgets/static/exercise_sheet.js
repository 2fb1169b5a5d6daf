/**
 * Below the editor of an exercise: what a check has found, hints one by one, and
 * the solution when it may be seen.
 */
import { Notice } from "./connection.js";
import { keepKeys, make, together } from "./dom.js";

const UNHEARD = "Hints can be shown, but are not counted; run its cell again to connect it.";
/** @type {Record<string, string>} */
const SIGNS = { passed: "✓ ", failed: "✕ " };

class ExerciseSheetView {
  /**
   * @param {Model<ExerciseSheetTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.asked = false;
    const id = `kit-sheet-${Math.random().toString(36).slice(2)}`;
    this.verdict = make("div", { class: "kit-verdict", role: "status", "aria-live": "polite" });
    this.hints = make("ol", { class: "kit-hints", "aria-label": "Hints" });
    this.hintArea = make("div", { "aria-live": "polite", tabindex: "-1" }, this.hints);
    this.hint = make("button", { type: "button", onclick: () => this.next() });
    this.solve = make(
      "button",
      { type: "button", "aria-describedby": `${id}-locked`, onclick: () => this.ask() },
      "Show the solution",
    );
    this.locked = make("span", { class: "kit-locked", id: `${id}-locked` });
    this.text = make("pre", { tabindex: "0", role: "region", "aria-label": "Solution" });
    this.copied = make("span", { class: "kit-locked", role: "status" });
    this.solution = make(
      "div",
      { class: "kit-solution" },
      this.text,
      make(
        "div",
        { class: "kit-row" },
        make("button", { type: "button", onclick: () => this.use() }, "Put it into the editor"),
        make("button", { type: "button", onclick: () => this.copy() }, "Copy"),
        this.copied,
      ),
    );
    this.row = make("div", { class: "kit-row" }, this.hint, this.solve, this.locked);
    this.notice = new Notice(model, "this exercise", UNHEARD, () => model.get("unsaved"));
    root.classList.add("kit-exercise-sheet");
    root.append(this.verdict, this.notice.element, this.hintArea, this.row, this.solution);
    this.judge();
    this.reveal();
    this.unlock();
    this.solved();
    keepKeys(root);
  }

  /** What the check came to. */
  judge() {
    const state = this.model.get("state");
    const findings = this.model.get("findings");
    const text = this.model.get("verdict");
    this.verdict.dataset.state = state;
    this.verdict.hidden = false; // a live region that was hidden is not listened to
    this.verdict.replaceChildren();
    if (text) this.verdict.append(make("p", {}, `${SIGNS[state] ?? ""}${text}`));
    if (findings.length > 0) {
      this.verdict.append(make("ul", {}, ...findings.map((one, place) => this.item(one, place))));
    }
    keepKeys(this.verdict);
  }

  /**
   * @param {ExerciseSheetTraits["findings"][number]} finding
   * @param {number} place
   */
  item({ text, shows }, place) {
    if (!shows) return make("li", {}, text);
    const show = () => {
      if (!this.notice.refuses()) this.model.send({ do: "show", place });
    };
    const button = make("button", { type: "button", "aria-label": `Show me: ${text}`, onclick: show });
    button.append("Show me");
    return make("li", {}, `${text} `, button);
  }

  next() {
    const { model } = this;
    model.set("hints_shown", model.get("hints_shown") + 1);
    model.save_changes();
    this.notice.refuses();
  }

  /** The hints that were asked for. */
  reveal() {
    const all = this.model.get("hints");
    const shown = this.model.get("hints_shown");
    while (this.hints.children.length > shown) this.hints.lastChild?.remove();
    for (const text of all.slice(this.hints.children.length, shown)) {
      this.hints.append(make("li", {}, text));
    }
    this.hints.hidden = shown === 0;
    const last = shown >= all.length;
    // The button goes away; somebody who has come to it by keyboard must not be lost.
    if (last && document.activeElement === this.hint) this.hintArea.focus({ preventScroll: true });
    this.hint.hidden = last;
    this.hint.textContent = `Hint ${shown + 1} of ${all.length}`;
    this.tidy();
  }

  /** Whether there is a solution, and whether it may be seen. */
  unlock() {
    const access = this.model.get("access");
    this.solve.setAttribute("aria-disabled", String(access === "locked"));
    this.locked.textContent = access === "locked" ? this.model.get("locked") : "";
    this.tidy();
  }

  ask() {
    if (this.model.get("access") !== "open") return;
    this.asked = true;
    // Written out, as all messages here, because `kit check` reads them to send them itself.
    if (!this.notice.refuses()) this.model.send({ do: "solution" });
  }

  solved() {
    const text = this.model.get("solution");
    this.text.textContent = text;
    this.solution.hidden = !text;
    this.copied.textContent = "";
    this.tidy();
    if (text && this.asked) this.text.focus({ preventScroll: true });
    this.asked = false;
  }

  use() {
    if (!this.notice.refuses()) this.model.send({ do: "use" });
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.text.textContent ?? "");
      this.copied.textContent = "Copied.";
    } catch {
      window.getSelection()?.selectAllChildren(this.text);
      this.copied.textContent = "Selected: Ctrl+C copies it.";
    }
  }

  tidy() {
    const { model } = this;
    this.solve.hidden = model.get("access") === "none" || model.get("solution") !== "";
    this.row.hidden = this.hint.hidden && this.solve.hidden;
  }
}

export default {
  /** @param {Place<ExerciseSheetTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const view = new ExerciseSheetView(model, root);
    const heard = {
      "change:state change:verdict change:findings": together(() => view.judge()),
      "change:hints change:hints_shown": together(() => view.reveal()),
      "change:access change:locked": together(() => view.unlock()),
      "change:solution": () => view.solved(),
      "change:unsaved": () => view.notice.update(),
    };
    for (const [names, listener] of Object.entries(heard)) model.on(names, listener);
    return () => {
      for (const [names, listener] of Object.entries(heard)) model.off(names, listener);
      view.notice.end();
    };
  },
};
