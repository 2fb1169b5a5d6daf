/**
 * A table in real HTML. The player sets `cells` and `states`; only what has
 * changed is written, so that a table of hundreds of rows costs nothing.
 */
import { follow, keepKeys, make } from "./dom.js";

class TableView {
  constructor(model, root) {
    this.model = model;
    this.root = root;
    this.open = new Set();
    root.classList.add("kit-table");
    this.build();
  }

  /** Make all of it: at the start, and when another run is shown. */
  build() {
    const { model } = this;
    const mono = new Set(model.get("mono"));
    const numbers = new Set(model.get("numbers"));
    this.classes = model.get("headings").map((_, column) =>
      [mono.has(column) && "kit-mono", numbers.has(column) && "kit-number"].filter(Boolean).join(" "),
    );
    this.parents = model.get("parents");
    this.written = [];
    this.looks = [];
    this.live = [];
    const head = make("tr", "", ...model.get("headings").map((text, n) => this.heading(text, n)));
    this.rows = model.get("rows").map((row, place) => this.row(row, place));
    const table = make("table", "", make("thead", "", head), make("tbody", "", ...this.rows));
    const caption = model.get("caption");
    // Not inside the table, where it would be as wide as that and scroll with it.
    const told = caption ? [make("p", "kit-told", caption)] : [];
    if (caption) table.setAttribute("aria-label", caption);
    const height = model.get("height");
    this.frame = make("div", "kit-scroll", table);
    if (height) this.frame.style.maxHeight = `${height}px`;
    this.root.replaceChildren(...told, this.frame);
    keepKeys(this.root);
    this.update();
    this.watch();
  }

  heading(text, column) {
    const cell = make("th", this.classes[column], text);
    cell.scope = "col";
    return cell;
  }

  row(texts, place) {
    const live = new Set(this.model.get("live"));
    const row = make("tr");
    texts.forEach((text, column) => {
      const cell = make("td", this.classes[column]);
      const holder = column === 0 && this.parents.includes(place) ? this.toggle(place) : cell;
      if (holder !== cell) cell.append(holder);
      const inner = make("span");
      holder.append(inner);
      if (live.has(column)) this.live.push(inner);
      else inner.textContent = text;
      row.append(cell);
    });
    return row;
  }

  /** A button that unfolds the rows which belong to this one. */
  toggle(place) {
    const button = make("button", "kit-fold");
    button.type = "button";
    const turn = () => {
      button.setAttribute("aria-expanded", String(this.open.has(place)));
    };
    button.addEventListener("click", () => {
      if (!this.open.delete(place)) this.open.add(place);
      turn();
      this.looks = [];
      this.update();
    });
    turn();
    return button;
  }

  update() {
    const cells = this.model.get("cells");
    for (let place = 0; place < this.live.length; place += 1) {
      if (this.written[place] !== cells[place]) {
        this.written[place] = cells[place];
        this.live[place].textContent = cells[place] ?? "";
      }
    }
    const states = this.model.get("states");
    let marked = null;
    this.rows.forEach((row, place) => {
      const state = states[place] ?? "";
      if (this.looks[place] === state) return;
      const parent = this.parents[place];
      this.looks[place] = state;
      const folded = parent >= 0 && !this.open.has(parent);
      row.hidden = folded || state.split(" ").includes("hidden");
      row.className = [...state.split(" ").filter(Boolean), ...(parent >= 0 ? ["part"] : [])]
        .map((word) => `kit-${word}`)
        .join(" ");
      if (state.includes("marked")) marked = row;
    });
    if (marked) this.follow(marked);
  }

  /** Bring the marked row into view, inside the table only. */
  follow(row) {
    const { frame } = this;
    this.followed = row;
    if (frame.scrollHeight <= frame.clientHeight) return;
    const head = 28;
    const top = row.offsetTop - head;
    const bottom = row.offsetTop + row.offsetHeight;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (bottom > frame.scrollTop + frame.clientHeight) {
      frame.scrollTop = bottom - frame.clientHeight;
    }
  }

  /** A part that scrolls can be reached and scrolled by keyboard. */
  watch() {
    this.observer?.disconnect();
    this.observer = new ResizeObserver(([{ target }]) => {
      // The first time it has a size, it may have a row to be brought into view.
      if (this.followed?.isConnected) this.follow(this.followed);
      const scrolls =
        target.scrollHeight > target.clientHeight || target.scrollWidth > target.clientWidth;
      if (scrolls) {
        target.tabIndex = 0;
        target.setAttribute("role", "region");
        target.setAttribute("aria-label", this.model.get("caption") || "Table");
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    });
    this.observer.observe(this.frame);
  }
}

const BUILT = ["caption", "headings", "rows", "live", "mono", "numbers", "parents", "height"];

export default {
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const view = new TableView(model, root);
    const leave = follow(model, BUILT, ["cells", "states"], view);
    return () => {
      view.observer.disconnect();
      leave();
    };
  },
};
