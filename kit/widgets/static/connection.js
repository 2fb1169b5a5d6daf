/**
 * Whether Python still knows a widget, and the notice where it does not.
 *
 * A kernel that is started again, dies or is shut down forgets all widgets, and whatever is
 * sent to it is lost without an error: each widget that needs Python has to say so itself.
 */
import { make } from "./dom.js";

const GONE = ["restarting", "autorestarting", "terminating", "dead"];
const AGAIN = 100; // ms after which a screen reader takes the same words for new ones

/**
 * What is said of something that Python no longer knows.
 * @param {string} what "this question"
 * @param {string} advice what still works, and what to do
 */
export function lossOf(what, advice) {
  return `The connection of ${what} to Python is lost: the kernel was stopped or restarted. ${advice}`;
}

/** Watches whether Python knows a model. */
export class Connection {
  /**
   * @param {Connectable} model
   * @param {() => void} changed called when it is lost, or found again
   */
  constructor(model, changed) {
    this.changed = changed;
    const manager = model.widget_manager;
    // What anywidget hands out does not say whether it is connected; its layout does.
    this.part = model.get("layout");
    this.kernel = manager?.kernel ?? null;
    // A published page never had a kernel; what needs one is said there otherwise.
    this.known = manager !== undefined && "kernel" in manager;
    this.ended = false;
    this.look = () => this.update();
    this.hear = (/** @type {unknown} */ _kernel, /** @type {string} */ status) => {
      if (GONE.includes(status)) this.finish();
    };
    this.stop = () => this.finish();
    this.part?.on?.("comm_live_update", this.look);
    this.kernel?.statusChanged?.connect(this.hear);
    this.kernel?.disposed?.connect(this.stop);
    this.lost = this.isLost;
  }

  get isLost() {
    return this.ended || (this.known && this.part?.comm_live === false);
  }

  finish() {
    this.ended = true;
    this.update();
  }

  update() {
    this.known = true; // who tells of it has a kernel
    if (this.isLost === this.lost) return;
    this.lost = this.isLost;
    this.changed();
  }

  end() {
    this.part?.off?.("comm_live_update", this.look);
    this.kernel?.statusChanged?.disconnect(this.hear);
    this.kernel?.disposed?.disconnect(this.stop);
  }
}

/** Says, also to a screen reader, that Python no longer knows a widget. */
export class Notice {
  /**
   * @param {Connectable} model
   * @param {string} what "this question"
   * @param {string} advice what still works, and what to do
   * @param {() => string} other what is to be said while Python knows it
   */
  constructor(model, what, advice, other = () => "") {
    this.words = lossOf(what, advice);
    this.other = other;
    this.element = make("p", { class: "kit-lost", role: "status" });
    /** @type {(() => void)[]} */
    this.listeners = [];
    /** @type {Timer | undefined} */
    this.waiting = undefined;
    this.connection = new Connection(model, () => this.update());
    this.update();
  }

  get lost() {
    return this.connection.lost;
  }

  update() {
    const text = this.lost ? this.words : this.other();
    if (this.element.textContent !== text) this.element.textContent = text;
    for (const listener of this.listeners) listener();
  }

  /** Something was tried that needs Python: say it again, and tell whether it is in vain. */
  refuses() {
    if (!this.lost) return false;
    this.element.textContent = "";
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.update(), AGAIN);
    return true;
  }

  end() {
    clearTimeout(this.waiting);
    this.connection.end();
  }
}
