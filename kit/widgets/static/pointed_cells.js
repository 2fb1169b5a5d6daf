/**
 * What elements are about that take events themselves: cells of tables, and of grids.
 */

const BETWEEN = "\x1f"; // between the keys of several subjects, as Python has it

/**
 * The keys of what an element is about; of several, who points at it means the first.
 * @param {string | undefined} text
 */
export const keysIn = (text) => (text ? text.split(BETWEEN) : []);

/** Knows what each cell is about, and marks those that are about what is pointed at. */
export class PointedCells {
  /** @type {string[]} */
  known = [];
  marked = false;

  /** @param {(HTMLElement | undefined)[]} cells by the number of their element */
  constructor(cells) {
    this.cells = cells;
  }

  /**
   * @param {string[]} subjects
   * @param {string} pointed
   */
  show(subjects, pointed) {
    for (const [place, text] of subjects.entries()) {
      const cell = this.cells[place];
      if (!cell || this.known[place] === text) continue;
      this.known[place] = text;
      const [first] = keysIn(text);
      if (first) cell.dataset.about = first;
      else delete cell.dataset.about;
    }
    if (!pointed && !this.marked) return;
    this.marked = pointed !== "";
    for (const [place, cell] of this.cells.entries()) {
      cell?.toggleAttribute("data-pointed", this.marked && keysIn(subjects[place]).includes(pointed));
    }
  }
}
