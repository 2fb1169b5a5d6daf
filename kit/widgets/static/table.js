/**
 * A table in real HTML. The player sets `cells` and `states`; only what has
 * changed is written, so that a table of hundreds of rows costs nothing.
 */
import { ChangedCells } from "./changed_cells.js";
import { PointedCells } from "./pointed_cells.js";
import { follow, keepKeys, make, together } from "./dom.js";
import { coloured } from "./syntax.js";

/** One run's table: for another run another one is made. */
class TableView {
  /**
   * @param {Model<TableTraits>} model
   * @param {HTMLElement} root
   * @param {Set<number>} open rows that are unfolded
   */
  constructor(model, root, open) {
    this.model = model;
    this.root = root;
    this.open = open;
    const mono = new Set(model.get("mono"));
    const numbers = new Set(model.get("numbers"));
    this.classes = model
      .get("headings")
      .map((_, column) =>
        [mono.has(column) && "kit-mono", numbers.has(column) && "kit-number"].filter(Boolean).join(" "),
      );
    this.parents = model.get("parents");
    /** @type {string[]} */
    this.written = [];
    /** @type {string[]} */
    this.looks = [];
    /** @type {HTMLElement[]} */
    this.live = [];
    /** @type {HTMLElement | null} */
    this.followed = null;
    this.changed = new ChangedCells();
    /** @type {HTMLElement[]} */
    this.holders = [];
    this.rows = model.get("rows").map((row, place) => this.row(row, place));
    this.pointedCells = new PointedCells(this.holders);
    this.frame = make("div", "kit-scroll");
    this.observer = new ResizeObserver(() => this.fit());
    this.build();
  }

  build() {
    const { model, root } = this;
    const head = make("tr", "", ...model.get("headings").map((text, n) => this.heading(text, n)));
    const table = make("table", "", make("thead", "", head), make("tbody", "", ...this.rows));
    const caption = model.get("caption");
    // Not inside the table, where it would be as wide as that and scroll with it.
    const told = caption ? [make("p", "kit-told", caption)] : [];
    if (caption) table.setAttribute("aria-label", caption);
    const height = model.get("height");
    this.frame.append(table);
    if (height) this.frame.style.maxHeight = `${height}px`;
    root.classList.add("kit-table");
    root.replaceChildren(...told, this.frame);
    keepKeys(root);
    this.update();
    this.mark();
    this.point();
    this.observer.observe(this.frame);
  }

  /**
   * @param {string} text
   * @param {number} column
   */
  heading(text, column) {
    const cell = make("th", this.classes[column], text);
    cell.scope = "col";
    return cell;
  }

  /**
   * @param {string[]} texts
   * @param {number} place
   */
  row(texts, place) {
    const live = new Set(this.model.get("live"));
    const row = make("tr");
    const code = this.model.get("code");
    const about = this.model.get("about")[place];
    if (about) row.dataset.about = about;
    texts.forEach((text, column) => {
      const cell = make("td", this.classes[column]);
      const holder = column === 0 && this.parents.includes(place) ? this.toggle(place) : cell;
      if (holder !== cell) cell.append(holder);
      const inner = make("span");
      holder.append(inner);
      if (live.has(column)) {
        this.live.push(inner);
        this.holders.push(cell);
      } else if (code[column]) inner.append(...coloured(text, code[column]));
      else inner.textContent = text;
      row.append(cell);
    });
    return row;
  }

  /**
   * A button that unfolds the rows which belong to this one.
   * @param {number} place
   */
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
    for (const [place, row] of this.rows.entries()) {
      const state = states[place] ?? "";
      if (this.looks[place] === state) continue;
      const parent = this.parents[place];
      this.looks[place] = state;
      const folded = parent >= 0 && !this.open.has(parent);
      row.hidden = folded || state.split(" ").includes("hidden");
      row.className = [...state.split(" ").filter(Boolean), ...(parent >= 0 ? ["part"] : [])]
        .map((word) => `kit-${word}`)
        .join(" ");
      if (state.includes("marked")) marked = row;
    }
    if (marked) this.follow(marked);
  }

  /** Mark the cells that changed at this tick. */
  mark() {
    const cells = this.model.get("changed").map((place) => this.live[place]);
    this.changed.mark(cells.filter((cell) => cell?.textContent));
  }

  /** Mark the rows of what is pointed at in any picture. */
  point() {
    const pointed = this.model.get("pointed");
    const about = this.model.get("about");
    for (const [place, row] of this.rows.entries()) {
      row.toggleAttribute("data-pointed", pointed !== "" && about[place] === pointed);
    }
    const by = this.model.get("by_text");
    const subjects = Object.keys(by).length > 0 ? this.written.map((text) => by[text] ?? "") : null;
    this.pointedCells.show(subjects ?? this.model.get("subjects"), pointed);
  }

  /**
   * Bring the marked row into view, inside the table only.
   * @param {HTMLElement} row
   */
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
  fit() {
    const { frame } = this;
    // The first time it has a size, it may have a row to be brought into view.
    if (this.followed?.isConnected) this.follow(this.followed);
    if (frame.scrollHeight > frame.clientHeight || frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", this.model.get("caption") || "Table");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    }
  }
}

const BUILT = /** @type {const} */ ([
  ...["caption", "headings", "rows", "live", "mono", "numbers", "parents"],
  ...["height", "about", "by_text", "code"],
]);

export default {
  /** @param {Place<TableTraits>} place */
  render({ model, el }) {
    const root = document.createElement("div");
    el.append(root);
    const open = new Set();
    let view = new TableView(model, root, open);
    const build = () => {
      view.observer.disconnect();
      view = new TableView(model, root, open);
    };
    const update = () => {
      view.update();
      if (Object.keys(model.get("by_text")).length > 0) view.point();
    };
    const leave = follow(model, BUILT, ["cells", "states"], { build, update });
    // What changes at two ticks in a row is marked anew, although `changed` itself stays the same.
    const mark = together(() => view.mark());
    model.on("change:changed change:cells", mark);
    const point = () => view.point();
    model.on("change:pointed change:subjects", point);
    return () => {
      view.observer.disconnect();
      model.off("change:changed change:cells", mark);
      model.off("change:pointed change:subjects", point);
      leave();
    };
  },
};
