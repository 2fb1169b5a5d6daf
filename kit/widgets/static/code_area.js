/**
 * A text area for a program: a real <textarea>, so that writing, undoing, reading
 * aloud and zooming work as everywhere, with line numbers and marks beside it. The
 * same text in colours lies behind it.
 */
import { FindBar } from "./code_find.js";
import { Notice } from "./connection.js";
import { keepKeys, make } from "./dom.js";
import { coloured } from "./syntax.js";

const SETTLED = 300; // ms after the last key before Python is told
const INDENT = 4;
const LINE = 19; // px; also in the style sheet
const KEYS = "Enter keeps the indentation, Ctrl+] and Ctrl+[ change it · Ctrl+F finds · Tab moves on";
const RUNS = "Ctrl+Enter runs";
const UNHEARD =
  "It cannot be run; copy what you have written if you want to keep it, then run its cell again.";
const CHECKS = "Ctrl+Shift+Enter checks";

/**
 * What Enter writes: a new line, indented like this one, and more behind a colon.
 * @param {string} text
 * @param {number} caret
 */
export function newline(text, caret) {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  const [blank] = line.match(/^ */) ?? [""];
  const deeper = /:\s*(#.*)?$/.test(line) ? INDENT : 0;
  return `\n${blank}${" ".repeat(deeper)}`;
}

/**
 * The lines of a selection moved right or left: where, what, and the new selection.
 * @param {string} text
 * @param {number} start of the selection
 * @param {number} end of the selection
 * @param {number} direction right (1) or left (-1)
 */
export function shifted(text, start, end, direction) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  const next = text.indexOf("\n", last);
  const to = next < 0 ? text.length : next;
  const before = text.slice(from, to).split("\n");
  const after = before.map((line) => {
    if (direction > 0) return line.trim() ? " ".repeat(INDENT) + line : line;
    return line.replace(/^ {1,4}/, "");
  });
  const first = after[0].length - before[0].length;
  const content = after.join("\n");
  const grown = content.length - (to - from);
  return {
    from,
    to,
    content,
    start: Math.max(from, start + first),
    end: Math.max(from, end + grown),
  };
}

/**
 * How many blanks Backspace takes at a caret in the indentation: back to a stop.
 * @param {string} text
 * @param {number} caret
 */
export function blanks(text, caret) {
  const line = text.slice(text.lastIndexOf("\n", caret - 1) + 1, caret);
  return /^ +$/.test(line) ? ((line.length - 1) % INDENT) + 1 : 1;
}

/**
 * Where a line stands after a change of the text.
 * @param {number} line
 * @param {string} before
 * @param {string} after
 */
export function moved(line, before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const shorter = Math.min(old.length, now.length);
  let same = 0;
  while (same < shorter && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < shorter - same && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  if (line <= same) return line;
  if (line > old.length - tail) return line + now.length - old.length;
  return Math.min(line, now.length);
}

class CodeAreaView {
  /**
   * @param {Model<CodeAreaTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    /** @type {Timer | undefined} */
    this.timer = undefined;
    this.lines = 0;
    this.known = model.get("text");
    /** @type {Mistake[]} */
    this.errors = [];
    const id = `kit-code-${Math.random().toString(36).slice(2)}`;
    this.area = make("textarea", {
      id,
      wrap: "off",
      rows: model.get("rows"),
      spellcheck: "false",
      autocomplete: "off",
      autocapitalize: "off",
      autocorrect: "off",
      "aria-describedby": `${id}-hint ${id}-errors`,
      oninput: () => this.edited(),
      onblur: () => this.tell(),
      onscroll: () => this.scroll(),
      onkeydown: (event) => this.key(event),
    });
    this.numbers = make("div", { class: "kit-numbers" });
    this.bands = make("div", { class: "kit-bands" });
    this.colours = make("pre", { class: "kit-colours" });
    this.find = new FindBar(this.area, (line) => this.reveal(line));
    this.behind = make("div", { class: "kit-behind", "aria-hidden": "true" }, this.find.mark, this.colours);
    this.list = make("ul", { class: "kit-errors", id: `${id}-errors` });
    this.label = make("label", { for: id });
    const checks = model.get("checks");
    const hint = checks ? [RUNS, CHECKS, KEYS] : [RUNS, KEYS];
    const frame = make(
      "div",
      { class: "kit-code" },
      make("div", { class: "kit-gutter", "aria-hidden": "true" }, this.numbers),
      make("div", { class: "kit-text" }, this.bands, this.behind, this.area),
    );
    const buttons = make(
      "div",
      { class: "kit-actions" },
      make("button", { type: "button", class: "kit-run", onclick: () => this.run() }, "Run"),
      ...(checks ? [make("button", { type: "button", onclick: () => this.check() }, "Check")] : []),
      make("button", { type: "button", onclick: () => this.again() }, "Start again"),
      make("button", { type: "button", onclick: () => this.find.open() }, "Find"),
      make("span", { class: "kit-hint", id: `${id}-hint` }, hint.join(" · ")),
    );
    root.classList.add("kit-code-area");
    this.notice = new Notice(model, "this program", UNHEARD);
    root.append(this.label, frame, this.find.element, this.list, buttons, this.notice.element);
    keepKeys(root);
    this.area.value = this.known;
    this.relabel();
    this.number();
    this.mark();
  }

  relabel() {
    this.label.textContent = this.model.get("label");
    this.colour();
  }

  /** Show the text in colours. */
  colour() {
    const language = this.model.get("label").endsWith(".asm") ? "assembly" : "python";
    this.colours.replaceChildren(...coloured(this.area.value, language));
  }

  /** Python has put another text in. */
  follow() {
    const text = this.model.get("text");
    if (text === this.area.value) return;
    clearTimeout(this.timer);
    this.area.value = text;
    this.changed();
  }

  edited() {
    this.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), SETTLED);
  }

  /** The text is another: numbers and marks go with their lines. */
  changed() {
    const { value } = this.area;
    for (const error of this.errors) error.line = moved(error.line, this.known, value);
    this.known = value;
    this.number();
    this.colour();
    this.find.mark.hidden = true;
    this.draw();
  }

  tell() {
    clearTimeout(this.timer);
    if (this.model.get("text") === this.area.value) return;
    this.model.set("text", this.area.value);
    this.model.save_changes();
  }

  // The messages are written out, because `kit check` reads them here to send them itself.
  run() {
    this.tell();
    if (!this.notice.refuses()) this.model.send({ do: "run", text: this.area.value });
  }

  check() {
    this.tell();
    if (!this.notice.refuses()) this.model.send({ do: "check", text: this.area.value });
  }

  again() {
    this.replace(this.model.get("given"));
    this.run();
  }

  /**
   * Put another text in, so that Ctrl+Z brings one's own back again.
   * @param {string} text
   */
  replace(text) {
    this.area.focus();
    this.area.select();
    this.write(text);
    this.area.setSelectionRange(0, 0);
    this.area.scrollTop = 0;
    this.tell();
  }

  /**
   * Write over the selection, as if typed.
   * @param {string} text
   */
  write(text) {
    const { area } = this;
    const command = text ? "insertText" : "delete";
    if (document.execCommand(command, false, text)) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    this.edited();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    const { area } = this;
    const { selectionStart: start, selectionEnd: end, value } = area;
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    const checks = this.model.get("checks") && event.shiftKey;
    // With AltGr, which counts as Ctrl+Alt, some keyboards write the bracket itself.
    const control = (event.ctrlKey || event.metaKey) && !event.altKey;
    // By place where the bracket needs AltGr, unless the browser zooms with that key.
    /** @type {(key: string, code: string) => boolean} */
    const is = (key, code) => event.key === key || (event.code === code && !"+-=".includes(event.key));
    if (event.isComposing) return;
    if (control && event.key === "Enter") {
      if (checks) this.check();
      else this.run();
    } else if (control && !event.shiftKey && event.key === "f") {
      this.find.open();
    } else if (plain && event.key === "Enter") {
      this.write(newline(value, start));
    } else if (control && is("]", "BracketRight")) {
      this.shift(1);
    } else if (control && is("[", "BracketLeft")) {
      this.shift(-1);
    } else if (plain && event.key === "Backspace" && start === end && blanks(value, start) > 1) {
      area.setSelectionRange(start - blanks(value, start), start);
      this.write("");
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {number} direction right (1) or left (-1) */
  shift(direction) {
    const { area } = this;
    const { selectionStart, selectionEnd, value } = area;
    const { from, to, content, start, end } = shifted(value, selectionStart, selectionEnd, direction);
    if (content === value.slice(from, to)) return;
    area.setSelectionRange(from, to);
    this.write(content);
    area.setSelectionRange(start, end);
  }

  /** A number a line. */
  number() {
    const count = this.area.value.split("\n").length;
    while (this.lines < count) {
      this.lines += 1;
      this.numbers.append(make("div", {}, String(this.lines)));
    }
    while (this.lines > count) {
      this.lines -= 1;
      this.numbers.lastChild?.remove();
    }
  }

  /** Python has found mistakes, or none. */
  mark() {
    this.errors = this.model.get("errors").map((error) => ({ ...error }));
    this.draw();
  }

  draw() {
    for (const number of this.numbers.querySelectorAll(".kit-wrong")) {
      number.classList.remove("kit-wrong");
    }
    const places = this.errors.map(({ line }) => Math.min(Math.max(line, 1), this.lines));
    for (const line of places) this.numbers.children[line - 1].classList.add("kit-wrong");
    this.bands.replaceChildren(
      ...places.map((line) => {
        const band = make("div", { class: "kit-band" });
        band.style.top = `${(line - 1) * LINE}px`;
        return band;
      }),
    );
    this.tellErrors();
    this.area.setAttribute("aria-invalid", String(this.errors.length > 0));
    this.scroll();
  }

  /**
   * List the mistakes. An item stays the same element whatever it tells: the press of its button
   * takes the focus from the text, which Python is told of then, and its reply must not take the
   * button from under the pointer.
   */
  tellErrors() {
    const { list, errors } = this;
    const held = list.contains(document.activeElement);
    while (list.children.length < errors.length) list.append(this.item(list.children.length));
    while (list.children.length > errors.length) list.lastChild?.remove();
    errors.forEach(({ line, column, message }, place) => {
      const [go, words] = list.children[place].children;
      go.textContent = `✕ line ${line}, column ${column}`;
      words.textContent = ` ${message}`;
    });
    list.hidden = errors.length === 0;
    // What had the focus may be gone.
    if (held && !list.contains(document.activeElement)) {
      (list.querySelector("button") ?? this.area).focus();
    }
  }

  /** @param {number} place of the mistake in the list */
  item(place) {
    const go = make("button", {
      type: "button",
      onclick: () => this.go(this.errors[place].line, this.errors[place].column),
    });
    keepKeys(go);
    return make("li", {}, go, make("span", {}));
  }

  /**
   * Set the caret to a place.
   * @param {number} line
   * @param {number} column
   */
  go(line, column) {
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const caret = start + Math.min(column - 1, lines[line - 1]?.length ?? 0);
    this.area.focus();
    this.area.setSelectionRange(caret, caret);
    this.reveal(line);
  }

  /** @param {number} line */
  reveal(line) {
    const { area } = this;
    area.scrollTop = Math.max(0, line * LINE - area.clientHeight / 2);
  }

  scroll() {
    const { scrollLeft, scrollTop } = this.area;
    this.numbers.style.translate = this.bands.style.translate = `0 ${-scrollTop}px`;
    this.behind.style.translate = `${-scrollLeft}px ${-scrollTop}px`;
  }
}

export default {
  /** @param {Place<CodeAreaTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const view = new CodeAreaView(model, root);
    const heard = {
      text: () => view.follow(),
      errors: () => view.mark(),
      label: () => view.relabel(),
      rows: () => {
        view.area.rows = model.get("rows");
      },
    };
    const onMessage = (/** @type {KernelMessage} */ message) =>
      message.do === "write" && view.replace(message.text);
    for (const [name, listener] of Object.entries(heard)) model.on(`change:${name}`, listener);
    model.on("msg:custom", onMessage);
    return () => {
      model.off("msg:custom", onMessage);
      for (const [name, listener] of Object.entries(heard)) model.off(`change:${name}`, listener);
      view.tell();
      view.notice.end();
    };
  },
};
