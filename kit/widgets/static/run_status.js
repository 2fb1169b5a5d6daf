/**
 * How a run goes: nothing for a quick one, a bar, the seconds and a button for a
 * long one, then what became of it.
 */
import { Connection } from "./connection.js";
import { keepKeys, make, together } from "./dom.js";

const QUICK = 300; // ms for which a run is not worth a word
const SECOND = 1000;
const ENDED = "This run ended with its kernel.";
/** @type {Record<string, string>} */
const SIGNS = { done: "", limit: "⚠ ", failed: "✕ ", cancelled: "■ " };

class RunStatusView {
  /**
   * @param {Model<RunStatusTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.root = root;
    /** @type {Timer | undefined} */
    this.timer = undefined;
    this.turn = -1;
    this.since = 0;
    this.seconds = make("span", { class: "kit-seconds", "aria-hidden": "true" });
    this.cancel = make("button", { type: "button", onclick: () => this.stop() }, "Cancel");
    const bar = make("div", { class: "kit-waiting", role: "progressbar", "aria-label": "running" });
    this.progress = make("div", { class: "kit-progress" }, bar, this.seconds, this.cancel);
    this.said = make("p", { class: "kit-said", role: "status", "aria-live": "polite" });
    this.detail = make("pre", { class: "kit-detail" });
    this.note = make("p", { class: "kit-note", role: "status", "aria-live": "polite" });
    root.classList.add("kit-run-status");
    root.tabIndex = -1;
    root.append(this.progress, this.said, this.detail, this.note);
    keepKeys(root);
    this.progress.hidden = true;
    this.connection = new Connection(model, () => this.update());
    this.update();
  }

  update() {
    const { model } = this;
    const note = model.get("note");
    if (this.note.textContent !== note) this.note.textContent = note;
    if (model.get("state") !== "running") {
      this.settle(model.get("state"), model.get("text"), model.get("detail"));
    } else if (this.connection.lost) {
      this.settle("cancelled", ENDED, "");
    } else if (model.get("turn") !== this.turn) {
      this.turn = model.get("turn");
      this.since = performance.now();
      clearTimeout(this.timer);
      if (this.progress.hidden) this.timer = setTimeout(() => this.wait(), QUICK);
      else this.wait();
    }
  }

  /** Show that it still runs, and look again when the next second is over. */
  wait() {
    const passed = performance.now() - this.since;
    this.seconds.textContent = `running… ${Math.floor(passed / SECOND)} s`;
    if (this.progress.hidden) {
      this.progress.hidden = false;
      this.say("", "running", "");
    }
    this.timer = setTimeout(() => this.wait(), SECOND - (passed % SECOND));
  }

  /**
   * @param {string} state
   * @param {string} text
   * @param {string} detail
   */
  settle(state, text, detail) {
    clearTimeout(this.timer);
    // The button goes away; somebody who has come to it by keyboard must not be lost.
    if (this.root.contains(document.activeElement)) this.root.focus({ preventScroll: true });
    this.progress.hidden = true;
    this.say(state, text && `${SIGNS[state] ?? ""}${text}`, detail);
  }

  /**
   * @param {string} state
   * @param {string} text
   * @param {string} detail
   */
  say(state, text, detail) {
    this.root.dataset.state = state;
    this.said.classList.toggle("kit-spoken-only", !this.progress.hidden);
    if (this.said.textContent !== text) this.said.textContent = text;
    this.detail.textContent = detail;
    this.detail.hidden = !detail;
  }

  stop() {
    this.model.send({ do: "cancel" });
  }
}

export default {
  /** @param {Place<RunStatusTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const view = new RunStatusView(model, root);
    const update = together(() => view.update());
    const names = "change:state change:turn change:text change:detail change:note";
    model.on(names, update);
    return () => {
      clearTimeout(view.timer);
      view.connection.end();
      model.off(names, update);
    };
  },
};
