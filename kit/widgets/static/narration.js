/**
 * What happened at the tick that is shown: a sentence in a line of its own, the rest folded.
 */
import { heightOf, make } from "./dom.js";

/** @typedef {import("./driver.js").Driver} Driver */

const CODE = /(Line \d+, )`([^`]*)`/;
const MEASURED = 3; // how many of the longest sentences are looked at for the height

/**
 * A sentence as it is read aloud, without the marks of code.
 * @param {string} sentence
 */
export const spoken = (sentence) => sentence.replace(new RegExp(CODE, "g"), "$1$2");

/**
 * A sentence with its lines of code as code.
 * @param {string} sentence
 * @returns {(string | HTMLElement)[]}
 */
function marked(sentence) {
  return sentence.split(CODE).map((part, place) => (place % 3 === 2 ? make("code", {}, part) : part));
}

export class NarrationLine {
  line = make("p", { class: "kit-narration" });
  count = make("span", { class: "kit-count" });
  // What scrolls must be reached by keyboard.
  list = make("ul", { tabindex: 0, "aria-label": "In more detail" });
  fold = make(
    "details",
    { class: "kit-twin kit-more", ontoggle: () => this.showDetails() },
    make("summary", {}, "In more detail ", this.count),
    this.list,
  );
  width = 0;
  /** @type {string[]} */
  details = [];
  /** @type {import("./channels.js").Channel | undefined} what the height was measured for */
  measured = undefined;
  observer = new ResizeObserver(([{ contentRect }]) => this.resize(contentRect.width));

  /** @param {Driver} driver */
  constructor(driver) {
    this.driver = driver;
    this.observer.observe(this.line);
  }

  /**
   * Show a tick.
   * @param {number} tick
   * @param {string} sentence
   * @param {string[]} details
   */
  show(tick, sentence, details) {
    this.keepRoom();
    this.line.replaceChildren(make("b", {}, `t = ${tick} `), ...marked(sentence));
    this.count.textContent = `(${details.length})`;
    this.details = details;
    this.showDetails();
  }

  showDetails() {
    if (!this.fold.open) return;
    const told = this.details.length > 0 ? this.details : ["Nothing else happened at this tick."];
    this.list.replaceChildren(...told.map((detail) => make("li", {}, ...marked(detail))));
    this.list.scrollTop = 0;
  }

  /** The line is as high as its longest sentence, so that pictures stay where they are. */
  keepRoom() {
    const [channel] = this.driver.narration;
    if (channel === this.measured || this.width === 0) return;
    this.measured = channel;
    const texts = [...(channel?.texts ?? [])].sort((one, other) => other.length - one.length);
    this.line.style.minHeight = "";
    const heights = texts.slice(0, MEASURED).map((text) => {
      this.line.replaceChildren(make("b", {}, `t = ${this.driver.end} `), ...marked(text));
      return heightOf(this.line);
    });
    this.line.style.minHeight = `${Math.max(0, ...heights)}px`;
  }

  /**
   * At another width it needs another height.
   * @param {number} width
   */
  resize(width) {
    if (width === this.width) return;
    this.width = width;
    this.measured = undefined;
    const { driver } = this;
    this.show(Math.floor(driver.tick), driver.sentence(), driver.details());
  }

  dispose() {
    this.observer.disconnect();
  }
}
