/**
 * The ways in which a question is answered: choices of which one or several are ticked, and
 * a list that is put into its order.
 */
import { make } from "./dom.js";
import { moved } from "./evaluation.js";

let groups = 0;

/** Choices, of which one can be ticked, or several. */
export class TickedChoices {
  /**
   * @param {Choice[]} choices
   * @param {boolean} several
   * @param {() => void} changed is told when a person has ticked
   */
  constructor(choices, several, changed) {
    groups += 1;
    const group = `kit-predict-${groups}-${Math.random().toString(36).slice(2)}`;
    this.inputs = choices.map((_, place) =>
      make("input", {
        type: several ? "checkbox" : "radio",
        name: group,
        value: place,
        onchange: changed,
      }),
    );
    const labels = choices.map(({ text }, place) =>
      make("label", { class: "kit-choice" }, this.inputs[place], make("span", {}, text)),
    );
    this.element = make("div", { class: "kit-choices" }, ...labels);
  }

  /** The places that are ticked. */
  get chosen() {
    return this.inputs.flatMap((input, place) => (input.checked ? [place] : []));
  }

  /** @param {number[]} chosen */
  show(chosen) {
    this.inputs.forEach((input, place) => {
      input.checked = chosen.includes(place);
    });
  }
}

/** A list whose items are moved up and down. */
export class OrderedChoices {
  /**
   * @param {Choice[]} choices
   * @param {() => void} changed is told when a person has moved one
   */
  constructor(choices, changed) {
    this.changed = changed;
    this.order = choices.map((_, place) => place);
    this.said = make("p", { class: "kit-moved", "aria-live": "polite" });
    this.items = choices.map(({ text }, place) => this.item(text, place));
    this.list = make("ol", { class: "kit-order" });
    this.element = make("div", {}, this.list, this.said);
    this.arrange();
  }

  /**
   * @param {string} text
   * @param {number} place
   */
  item(text, place) {
    /** @type {(sign: string, word: string, by: number) => HTMLElement} */
    const button = (sign, word, by) =>
      make(
        "button",
        {
          type: "button",
          class: `kit-move kit-${word}`,
          "aria-label": `${word}: ${text}`,
          "aria-keyshortcuts": by < 0 ? "Alt+ArrowUp" : "Alt+ArrowDown",
          title: `${word} (Alt+${by < 0 ? "↑" : "↓"})`,
          onclick: () => this.move(place, by),
        },
        sign,
      );
    const item = make("li", {}, make("span", { class: "kit-item" }, text));
    item.append(button("↑", "up", -1), button("↓", "down", 1));
    item.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowUp" ? -1 : 1;
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      this.move(place, by);
    });
    return item;
  }

  /**
   * @param {number} place
   * @param {number} by one up (-1) or down (1)
   */
  move(place, by) {
    const at = this.order.indexOf(place);
    this.order = moved(this.order, at, by);
    const now = this.order.indexOf(place);
    const focused = document.activeElement;
    if (now !== at) this.arrange();
    // What is put elsewhere in the page loses the focus.
    if (focused instanceof HTMLElement) focused.focus();
    const text = this.items[place].querySelector(".kit-item")?.textContent ?? "";
    this.said.textContent = `${text}: place ${now + 1} of ${this.order.length}`;
    if (now !== at) this.changed();
  }

  arrange() {
    this.list.replaceChildren(...this.order.map((place) => this.items[place]));
    this.order.forEach((place, at) => {
      const [up, down] = this.items[place].querySelectorAll("button");
      up.setAttribute("aria-disabled", String(at === 0));
      down.setAttribute("aria-disabled", String(at === this.order.length - 1));
    });
  }

  /** The places in the order in which they stand. */
  get chosen() {
    return this.order;
  }

  /** @param {number[]} chosen */
  show(chosen) {
    if (chosen.length !== this.order.length || String(chosen) === String(this.order)) return;
    this.order = [...chosen];
    this.arrange();
  }
}
