/**
 * What saves a stretch of a run as one picture that plays: the page goes through its ticks, and
 * each is drawn as it is shown.
 */
import { make } from "./dom.js";
import { settled } from "./picture_svg.js";
import { fileName } from "./saved_file.js";
import { Stretch } from "./stretch_svg.js";
import { fileOf } from "./svg_file.js";

/** @typedef {import("./save_picture.js").SavePicture} SavePicture */

const MOST = 120; // ticks: half a minute of a talk, up to half a megabyte

/**
 * Why a stretch cannot be saved; empty if it can.
 * @param {number} first
 * @param {number} last
 * @param {number} limit the last tick that may be shown
 */
export function objection(first, last, limit) {
  const there = [first, last].every((tick) => Number.isInteger(tick) && tick >= 0 && tick <= limit);
  if (!there) return `Give two ticks from 0 to ${limit}, the last one that can be shown now.`;
  if (first >= last) return `Tick ${last} does not come after tick ${first}; give the earlier one first.`;
  const count = last - first + 1;
  if (count <= MOST) return "";
  return `These are ${count} ticks; a picture holds ${MOST} of them, here up to tick ${first + MOST - 1}.`;
}

/**
 * What is offered: from here to the end of what is shown, as far as a picture holds it.
 * @param {number} tick
 * @param {number} limit
 * @returns {[number, number]}
 */
export function offered(tick, limit) {
  const first = tick < limit ? tick : Math.max(0, limit - MOST + 1);
  return [first, Math.min(limit, first + MOST - 1)];
}

/** The part of the fold that saves a stretch. */
export class SaveStretch {
  first = tickField("First tick of the stretch", this);
  last = tickField("Last tick of the stretch", this);
  button = make("button", { type: "button", onclick: () => this.press() }, "as animated SVG");
  progress = make("progress", { "aria-label": "Ticks drawn", hidden: true });
  element = make(
    "span",
    "kit-stretch",
    ...["ticks ", this.first, " to ", this.last, " ", this.button, " ", this.progress],
  );
  /** A person has chosen the ticks. */
  chosen = false;
  running = false;
  /** The tick that was drawn last. */
  at = 0;
  /** What ends when it is over. @type {Promise<void> | null} */
  work = null;

  /** @param {SavePicture} saving */
  constructor(saving) {
    this.saving = saving;
  }

  /** Say what would be saved, until a person has chosen. */
  offer() {
    const { driver } = this.saving;
    if (this.chosen || this.running || driver.playing) return;
    const [first, last] = offered(Math.floor(driver.tick), driver.limit);
    this.first.value = String(first);
    this.last.value = String(last);
  }

  press() {
    if (this.work) this.stop();
    else {
      this.work = this.save().finally(() => {
        this.work = null;
      });
    }
  }

  /** Stop, and wait until the run is where it was. */
  async stop() {
    this.running = false;
    await this.work;
  }

  async save() {
    const { driver, status } = this.saving;
    driver.pause();
    const [first, last] = [this.first, this.last].map((field) => (field.value ? Number(field.value) : -1));
    status.textContent = objection(first, last, driver.limit);
    if (status.textContent) return;
    const before = driver.tick;
    this.begin(first, last);
    try {
      const made = await this.draw(first, last);
      if (made) this.saving.keep(made, fileName(this.saving.told().title, [first, last], "svg"));
      else status.textContent = "Stopped; nothing was saved.";
    } catch (error) {
      this.saving.refuse(error);
    }
    if (!this.moved) driver.seek(before);
    this.end();
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  begin(first, last) {
    this.running = true;
    this.button.textContent = "Stop";
    this.progress.hidden = false;
    this.progress.max = last - first + 1;
    this.saving.status.textContent = `Drawing ticks ${first} to ${last}.`;
  }

  end() {
    this.running = false;
    this.button.textContent = "as animated SVG";
    this.progress.hidden = true;
  }

  /** Somebody has moved the run meanwhile, and it stays there. */
  get moved() {
    const { driver } = this.saving;
    return driver.playing || driver.tick !== this.at;
  }

  /**
   * The picture; nothing if somebody stopped it, or moved the run meanwhile.
   * @param {number} first
   * @param {number} last
   */
  async draw(first, last) {
    const { driver } = this.saving;
    const stretch = new Stretch();
    const words = [];
    let [width, height] = [0, 0];
    for (let tick = first; tick <= last; tick += 1) {
      driver.seek(tick);
      this.at = tick;
      this.progress.value = tick - first;
      await settled();
      if (!this.running || this.moved) return "";
      const scene = this.saving.scene();
      stretch.take(scene.drawn);
      words.push(`Tick ${tick}: ${this.saving.told().words[0]}`);
      [width, height] = [Math.max(width, scene.width), Math.max(height, scene.height)];
    }
    const { model } = driver;
    const seconds = 1 / (model.get("ticks_per_second") * model.get("speed"));
    const title = `${this.saving.told().title || "Run"}, ticks ${first} to ${last}`;
    return fileOf({ width, height }, { title, words }, stretch.content(seconds));
  }
}

/**
 * A field in which keys of the player are those of a text.
 * @param {string} label
 * @param {SaveStretch} saving
 */
function tickField(label, saving) {
  return make("input", {
    ...{ type: "number", min: 0, step: 1, "aria-label": label },
    oninput: () => {
      saving.chosen = true;
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      event.stopPropagation();
      if (event.key === "Enter") saving.press();
    },
  });
}
