/**
 * The button of a player that copies a link to its run, at the tick that is shown.
 *
 * The link holds the run itself, as Python has packed it; nothing is asked for, and no kernel is
 * needed. A site says where its page for links is.
 */
import { keepKeys, make } from "./dom.js";
import { button } from "./player_buttons.js";

/** @typedef {import("./driver.js").Driver} Driver */

const RUN_PAGE = "run.html";
const SAID = 6000; // ms for which "Copied" is shown

/**
 * The address that shows a run.
 * @param {string} packed as Python has packed the run
 * @param {number} tick
 * @param {string | undefined} page where the page for links is, as seen from this one
 * @param {string} here the address of this page
 */
export function linkTo(packed, tick, page, here) {
  const place = page === undefined ? RUN_PAGE : new URL(page, here.split("#")[0]).href;
  return `${place}#run=${packed}&t=${tick}`;
}

/**
 * What Python says where a run has no link is a sentence; what is packed has no blanks.
 * @param {string} told
 */
export const isPacked = (told) => told !== "" && !/\s/.test(told);

/** The button, and what it says. */
export class RunLink {
  button = button("link", ["Copy link to this run", "l"], () => this.press());
  element = make("div", { class: "kit-linked", hidden: true });
  status = make("span", { role: "status" });
  /** @type {Timer | undefined} */
  waiting = undefined;

  /**
   * @param {Driver} driver
   * @param {Model<PlayerTraits>} model
   */
  constructor(driver, model) {
    this.driver = driver;
    this.model = model;
    this.element.append(this.status);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      // What is typed here, to copy for instance, is no key of the player.
      event.stopPropagation();
    });
  }

  /** Bring it up to date: a player without a run has no link. */
  update() {
    this.button.hidden = Object.keys(this.model.get("links") ?? {}).length === 0;
  }

  close() {
    clearTimeout(this.waiting);
    this.element.hidden = true;
    this.button.focus();
  }

  press() {
    const runs = Object.entries(this.model.get("links") ?? {});
    if (this.driver.limit < this.driver.end) {
      this.say("A link shows the whole run, so the question comes first.");
    } else if (runs.length === 1) this.copy(...runs[0]);
    else this.choose(runs);
  }

  /**
   * Several runs are on one clock: let the reader choose one.
   * @param {[string, string][]} runs
   */
  choose(runs) {
    const buttons = runs.map(([label, told]) =>
      make("button", { type: "button", onclick: () => this.copy(label, told) }, label),
    );
    this.say("Copy a link to", ...buttons);
    clearTimeout(this.waiting);
    buttons[0]?.focus();
  }

  /**
   * @param {string} label of the run, empty where there is only one
   * @param {string} told what it is packed into, or why it has no link
   */
  async copy(label, told) {
    if (!isPacked(told)) {
      this.say(told);
      return;
    }
    const { run: page } = document.body.dataset;
    const tick = Math.floor(this.driver.tick);
    const link = linkTo(told, tick, page, location.href);
    if (label) this.button.focus();
    const what = label ? `the run “${label}”` : "this run";
    try {
      await navigator.clipboard.writeText(link);
      const how = page === undefined ? " The page run.html of a site and kit open show it." : "";
      this.say(`Copied: a link to ${what} at tick ${tick}.${how}`);
    } catch {
      this.offer(link);
    }
  }

  /**
   * Where a page may not use the clipboard the reader copies.
   * @param {string} link
   */
  offer(link) {
    const field = make("input", { readonly: true, "aria-label": "Link to this run", value: link });
    this.say("Copy this link:", field);
    clearTimeout(this.waiting);
    field.focus();
    field.select();
  }

  /**
   * @param {string} words
   * @param {...HTMLElement} controls
   */
  say(words, ...controls) {
    clearTimeout(this.waiting);
    this.status.textContent = words;
    this.element.replaceChildren(this.status, ...controls);
    this.element.hidden = false;
    keepKeys(this.element);
    if (controls.length === 0) {
      this.waiting = setTimeout(() => {
        this.element.hidden = true;
      }, SAID);
    }
  }

  dispose() {
    clearTimeout(this.waiting);
  }
}
