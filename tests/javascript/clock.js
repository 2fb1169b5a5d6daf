/** A clock that stands still until a test moves it, in place of the browser's. */
import { mock } from "node:test";

/** How long a frame takes on most screens. */
export const FRAME = 1000 / 60;

export class Clock {
  constructor() {
    this.now = 0;
    this.made = 0;
    /** @type {Map<number, (now: number) => void>} */
    this.frames = new Map();
    /** @type {Map<number, {due: number, action: () => void}>} */
    this.timers = new Map();
    mock.method(performance, "now", () => this.now);
    const fakes = {
      requestAnimationFrame: (/** @type {(now: number) => void} */ action) => this.keep(this.frames, action),
      cancelAnimationFrame: (/** @type {number} */ id) => this.frames.delete(id),
      setTimeout: (/** @type {() => void} */ action, ms = 0) =>
        this.keep(this.timers, { due: this.now + ms, action }),
      clearTimeout: (/** @type {number} */ id) => this.timers.delete(id),
    };
    this.real = Object.fromEntries(Object.keys(fakes).map((name) => [name, Reflect.get(globalThis, name)]));
    Object.assign(globalThis, fakes);
  }

  /**
   * @template Kept
   * @param {Map<number, Kept>} where
   * @param {Kept} what
   */
  keep(where, what) {
    this.made += 1;
    where.set(this.made, what);
    return this.made;
  }

  /**
   * Let time pass without a frame, as in a hidden tab: only timers come.
   * @param {number} ms
   */
  async pass(ms) {
    const end = this.now + ms;
    while (true) {
      const due = [...this.timers].filter(([, timer]) => timer.due <= end);
      if (due.length === 0) break;
      const [id, timer] = due.reduce((first, other) => (other[1].due < first[1].due ? other : first));
      this.timers.delete(id);
      this.now = Math.max(this.now, timer.due);
      timer.action();
      await settled();
    }
    this.now = end;
    await settled();
  }

  /**
   * Draw frames, one after the other.
   * @param {number} count
   * @param {number} ms from one to the next
   */
  async draw(count = 1, ms = FRAME) {
    for (let number = 0; number < count; number += 1) {
      await this.pass(ms);
      const due = [...this.frames.values()];
      this.frames.clear();
      for (const action of due) action(this.now);
      await settled();
    }
  }

  restore() {
    mock.restoreAll();
    Object.assign(globalThis, this.real);
  }
}

/** All that promises and microtasks still have to do. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}
