/**
 * Finding in a text area: a line with a field, opened by Ctrl+F and left by Escape.
 */
import { make } from "./dom.js";

const TAB = 4;

/**
 * Where a text is found next, however its letters are written; -1 if it is not there.
 * @param {string} text
 * @param {string} wanted
 * @param {number} from where to begin
 * @param {1 | -1} way
 */
export function foundAt(text, wanted, from, way) {
  const [whole, part] = [text.toLowerCase(), wanted.toLowerCase()];
  if (!part) return -1;
  if (way > 0) {
    const at = whole.indexOf(part, from);
    return at < 0 ? whole.indexOf(part) : at;
  }
  const at = from > 0 ? whole.lastIndexOf(part, from - 1) : -1;
  return at < 0 ? whole.lastIndexOf(part) : at;
}

/**
 * The line and the column of a place, both from 0; a tab is as wide as on the page.
 * @param {string} text
 * @param {number} place
 */
export function lineAndColumn(text, place) {
  const lines = text.slice(0, place).split("\n");
  let column = 0;
  for (const letter of lines.at(-1) ?? "") column += letter === "\t" ? TAB - (column % TAB) : 1;
  return { line: lines.length - 1, column };
}

/** The line with the field, and the mark of what was found. */
export class FindBar {
  /**
   * @param {HTMLTextAreaElement} area
   * @param {(line: number) => void} reveal brings a line into view
   */
  constructor(area, reveal) {
    this.area = area;
    this.reveal = reveal;
    this.field = make("input", {
      type: "search",
      "aria-label": "Find in the program",
      oninput: () => this.find(this.area.selectionStart, 1),
    });
    this.said = make("span", { class: "kit-found", role: "status" });
    this.mark = make("div", { class: "kit-hit", hidden: true });
    this.element = make(
      "div",
      { class: "kit-find", hidden: true, role: "search", onkeydown: (event) => this.key(event) },
      make("span", {}, "Find"),
      this.field,
      this.button("↑", "Previous (Shift+Enter)", () => this.step(-1)),
      this.button("↓", "Next (Enter)", () => this.step(1)),
      this.button("Close", "Close (Escape)", () => this.close()),
      this.said,
    );
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {() => void} onclick
   */
  button(text, label, onclick) {
    return make("button", { type: "button", "aria-label": label, title: label, onclick }, text);
  }

  open() {
    const { area, field } = this;
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    if (chosen && !chosen.includes("\n")) field.value = chosen;
    this.element.hidden = false;
    field.focus();
    field.select();
    this.find(area.selectionStart, 1);
  }

  close() {
    this.element.hidden = true;
    this.mark.hidden = true;
    this.area.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.field) this.step(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1} way */
  step(way) {
    const { selectionStart, selectionEnd } = this.area;
    this.find(way > 0 ? selectionEnd : selectionStart, way);
  }

  /**
   * @param {number} from
   * @param {1 | -1} way
   */
  find(from, way) {
    const { area, field, mark } = this;
    const at = foundAt(area.value, field.value, from, way);
    mark.hidden = at < 0;
    if (at < 0) {
      this.said.textContent = field.value ? "Not found." : "";
      return;
    }
    area.setSelectionRange(at, at + field.value.length);
    const { line, column } = lineAndColumn(area.value, at);
    // What is chosen in a text area is not seen while the focus is elsewhere.
    mark.style.cssText = `--line: ${line}; left: ${column}ch; width: ${field.value.length}ch`;
    this.said.textContent = `Found in line ${line + 1}.`;
    this.reveal(line + 1);
  }
}
