/**
 * The clock: drives the widget models of every view of one player, in the browser.
 *
 * Nothing is sent to the kernel while it plays; `tick` and `playing` are told to
 * Python once, when playing stops or a person has moved to another tick.
 */
import { changesOf } from "./changes.js";
import { decode } from "./channels.js";
import { lossOf } from "./connection.js";
import { stepFrom } from "./steps.js";
import { changeOf } from "./subjects.js";

const SETTLED = 300; // ms after the last change before Python is told
const LONGEST_FRAME = 100; // ms; a tab that was hidden does not jump ahead
const LOST = lossOf("this picture", "It still plays; run its cell again to connect it.");

/** @typedef {Awaited<ReturnType<typeof loadScene>>} Scene what is driven of one view */

/** Drives the models of all views of one player. */
export class Driver {
  /** @param {Model<PlayerTraits>} model */
  constructor(model) {
    this.model = model;
    /** @type {Scene[]} */
    this.scenes = [];
    /** @type {Set<() => void>} */
    this.listeners = new Set();
    this.tick = Math.min(model.get("tick"), this.limit);
    this.playing = false;
    this.turn = 0;
    this.frame = 0;
    /** @type {Timer | undefined} */
    this.settling = undefined;
    this.lastSynced = this.tick;
    this.incomplete = false;
    /** The key of what a person has pinned; "" for nothing. */
    this.pointed = "";
    this.lost = false;
    this.released = false;
    /** @type {Map<Model, Partial<MarkTraits>>} */
    this.late = new Map();
    this.catching = 0;
    this.motion = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
  }

  get end() {
    return this.model.get("end");
  }

  /** The last tick that may be shown: questions that are not answered hold the run. */
  get limit() {
    return Math.min(this.end, ...Object.values(this.model.get("locks") ?? {}));
  }

  /** The question at which the run has stopped; empty if it has not. */
  get asked() {
    const { limit } = this;
    const locks = Object.entries(this.model.get("locks") ?? {});
    const found = this.tick >= limit && locks.find(([, tick]) => tick <= limit);
    return found ? (this.model.get("prompts")[found[0]] ?? "") : "";
  }

  /** A question was put, or answered. */
  relock() {
    if (this.tick > this.limit) {
      this.pause();
      this.seek(this.limit);
    } else this.draw();
  }

  /** Fetch the models of all views; called again whenever a view comes, goes or changes. */
  async load() {
    this.turn += 1;
    const turn = this.turn;
    const manager = this.model.widget_manager;
    const known = new Map(this.scenes.map((scene) => [scene.reference, scene]));
    const wanted = this.model
      .get("tracks")
      .map(async (reference) => known.get(reference) ?? loadScene(reference, manager, this));
    const loaded = await Promise.allSettled(wanted);
    const scenes = loaded.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const failed = loaded.find((one) => one.status === "rejected");
    if (turn !== this.turn) {
      // A later call has taken over; what only this one made is not needed.
      for (const scene of scenes) if (known.get(scene.reference) !== scene) scene.leave();
      return;
    }
    for (const scene of this.scenes) if (!scenes.includes(scene)) scene.leave();
    this.scenes = scenes;
    this.incomplete = failed !== undefined;
    if (failed) console.warn(failed.reason);
    this.draw();
  }

  /**
   * A view shows another run: take its channels anew.
   * @param {Reference} reference
   */
  reload(reference) {
    const scene = this.scenes.find((candidate) => candidate.reference === reference);
    if (scene) this.conceal(scene, false);
    scene?.leave();
    this.scenes = this.scenes.filter((candidate) => candidate !== scene);
    queueMicrotask(() => this.load());
  }

  /** Show the current tick: set what changed on each model, once a model. */
  draw() {
    const still = this.motion?.matches ?? false;
    const tick = still ? Math.floor(this.tick) : this.tick;
    for (const scene of this.scenes) {
      /** @type {Map<number, Partial<MarkTraits>>} */
      const patches = new Map();
      for (const channel of scene.channels) {
        if (!channel.seek(tick, still) || channel.target < 0) continue;
        const patch = patches.get(channel.target) ?? {};
        patch[channel.trait] = channel.value();
        patches.set(channel.target, patch);
      }
      this.markChanges(scene, tick, patches);
      for (const [target, patch] of patches) this.apply(scene.targets[target], patch);
      this.conceal(scene);
    }
    if (this.late.size > 0 && !this.playing && !this.catching) {
      this.catching = requestAnimationFrame(() => this.catchUp());
    }
    for (const listener of this.listeners) listener();
  }

  /**
   * Find out what changed at another tick; a widget of the kit's own marks its elements itself.
   * @param {Scene} scene
   * @param {number} tick
   * @param {Map<number, Partial<MarkTraits>>} patches what its models are to be told
   */
  markChanges(scene, tick, patches) {
    if (scene.changedAt === Math.floor(tick)) return;
    scene.changedAt = Math.floor(tick);
    scene.changes = changesOf(scene, tick);
    for (const [target, model] of scene.targets.entries()) {
      if (model.get("changed") === undefined) continue;
      patches.set(target, { ...patches.get(target), changed: [...(scene.changes.get(target) ?? [])] });
    }
  }

  /**
   * While a question holds the run, what is still to come has no name yet.
   * @param {Scene} scene
   * @param {boolean} held
   */
  conceal(scene, held = this.limit < this.end) {
    if (!held && !scene.concealed) return;
    const concealed = scene.concealed ?? new Map();
    for (const [target, ticks] of scene.header.births) {
      const model = scene.targets[target];
      const trait = model.get("_model_name") === "LabelModel" ? "text" : "opacities";
      const last = concealed.get(model);
      /** @type {(string | number)[]} */
      const now = model.get(trait);
      // Python may have set it since.
      const known = last && String(last.shown) === String(now) ? last.whole : [...now];
      /** @type {(string | number)[]} */
      const whole = trait === "opacities" ? ticks.map(() => 1) : known;
      const nothing = trait === "opacities" ? 0 : "";
      const shown = whole.map((value, place) => (held && ticks[place] > this.tick ? nothing : value));
      concealed.set(model, { whole, shown });
      model.set({ [trait]: shown });
    }
    scene.concealed = held ? concealed : null;
  }

  /**
   * bqplot draws lines a frame after they were told to, but labels at once: these wait.
   * @param {Model} model
   * @param {Partial<MarkTraits>} patch
   */
  apply(model, patch) {
    if (model.get("_model_name") !== "LabelModel") model.set(patch);
    else this.late.set(model, { ...this.late.get(model), ...patch });
  }

  catchUp() {
    this.catching = 0;
    for (const [model, patch] of this.late) model.set(patch);
    this.late.clear();
  }

  /** @param {number} tick */
  seek(tick) {
    this.tick = Math.max(0, Math.min(Math.round(tick), this.limit));
    this.draw();
    // Other widgets of the page hear of it at once, but after what is being set just now;
    // Python hears of it when things have come to rest.
    queueMicrotask(() => this.playing || this.model.set("tick", this.tick));
    this.settle();
  }

  /** @param {number} count of ticks; back if it is less than 0 */
  step(count) {
    this.pause();
    this.seek(this.tick + count);
  }

  /**
   * Go to the next or the previous of what counts as a step.
   * @param {import("./steps.js").Unit} unit
   * @param {1 | -1} way
   */
  stepBy(unit, way) {
    this.pause();
    const change = unit === "change";
    const goal = change
      ? changeOf(this.scenes, this.pointed, this.tick, way)
      : stepFrom(this.narration, unit, this.tick, way);
    // Where nothing more changes, and where nothing is pointed at, it stays.
    this.seek(goal ?? this.tick);
  }

  play() {
    if (this.playing) return;
    if (this.tick >= this.end) this.tick = 0;
    if (this.tick >= this.limit) {
      // Python may have asked for it; what is set back while that is being told is not sent.
      queueMicrotask(() => this.model.set("playing", false));
      this.draw();
      this.settle();
      return;
    }
    this.playing = true;
    this.model.set("playing", true); // for other widgets of the page; Python is not told
    clearTimeout(this.settling);
    let last = performance.now();
    const advance = (/** @type {number} */ now) => {
      if (!this.playing) return;
      this.catchUp();
      const passed = Math.min(now - last, LONGEST_FRAME) / 1000;
      last = now;
      const rate = this.model.get("ticks_per_second") * this.model.get("speed");
      this.tick = Math.min(this.tick + passed * rate, this.limit);
      if (this.tick >= this.limit) {
        this.pause();
        return;
      }
      this.draw();
      this.frame = requestAnimationFrame(advance);
    };
    this.frame = requestAnimationFrame(advance);
    this.draw();
  }

  /** Stop at the end of the tick that is being shown. */
  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.model.set("playing", false);
    cancelAnimationFrame(this.frame);
    this.seek(Math.ceil(this.tick));
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Tell Python where we are, once, when things have come to rest. */
  settle() {
    clearTimeout(this.settling);
    if (this.playing || this.lost) return;
    this.settling = setTimeout(() => {
      this.model.set("tick", this.tick);
      this.model.save_changes();
    }, SETTLED);
  }

  /** Python changed a trait. */
  follow() {
    const tick = this.model.get("tick");
    if (tick > this.limit) {
      this.pause();
      this.seek(this.limit);
      return;
    }
    if (tick !== this.tick && !this.playing) {
      this.tick = tick;
      this.draw();
    } else if (this.playing && tick !== this.lastSynced) {
      this.tick = tick;
    }
    this.lastSynced = tick;
  }

  get problem() {
    if (this.lost) return LOST;
    return this.incomplete ? "This picture is incomplete: run its cell again." : "";
  }

  /**
   * Whether Python knows these widgets, or has forgotten them with its kernel.
   * @param {boolean} lost
   */
  lose(lost = true) {
    this.lost = lost;
    clearTimeout(this.settling);
    for (const listener of this.listeners) listener();
  }

  /** The channels of the narration: what leads, and the details; none until they are there. */
  get narration() {
    return this.scenes.find((candidate) => candidate.title === "Narration")?.channels ?? [];
  }

  /** What matters most at the tick that is shown. */
  sentence() {
    return this.narration[0]?.text(0) ?? "";
  }

  /** What else there is to say of it, sentence by sentence. */
  details() {
    const text = this.narration[1]?.text(0) ?? "";
    return text ? text.split("\n") : [];
  }

  /** The cell that made it was run again: it may go when nobody shows it any more. */
  release() {
    this.released = true;
    if (this.listeners.size === 0) this.leave();
  }

  /** The last view has gone. */
  leave() {
    this.pause();
    if (this.released && !this.lost) this.model.send({ gone: true });
  }

  dispose() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.catching);
    clearTimeout(this.settling);
    this.catchUp();
    for (const scene of this.scenes) scene.leave();
    this.listeners.clear();
  }
}

/**
 * Fetch what one view is made of.
 * @param {Reference} reference
 * @param {Manager} manager
 * @param {Driver} driver hears when the view shows another run
 */
async function loadScene(reference, manager, driver) {
  const idOf = (/** @type {Reference} */ named) => named.slice("IPY_MODEL_".length);
  /** @type {Model<TracksTraits>} */
  const model = await manager.get_model(idOf(reference));
  const header = model.get("header");
  const channels = decode(header, model.get("data"));
  const drawn = model.get("figure");
  const changed = () => driver.reload(reference);
  // From now on, because another run may come while models are being fetched.
  model.on("change:header change:data", changed);
  const leave = () => model.off("change:header change:data", changed);
  const wanted = [...model.get("targets"), ...(drawn ? [drawn] : [])];
  try {
    const targets = await Promise.all(wanted.map((one) => manager.get_model(idOf(one))));
    const figure = drawn ? targets.pop() : null;
    const concealed = /** @type {Map<Model, Concealed> | null} */ (null);
    const { title } = header;
    const changes = /** @type {import("./changes.js").Changes} */ (new Map());
    const known = { reference, title, targets, channels, header, figure, leave };
    return { ...known, concealed, changes, changedAt: -1, labelled: false };
  } catch (error) {
    leave();
    throw error;
  }
}

/**
 * @typedef {object} Concealed texts or opacities of a mark
 * @property {(string | number)[]} whole as they are
 * @property {(string | number)[]} shown without those that are still to come
 */
