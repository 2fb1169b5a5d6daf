/**
 * Marks of what changed at the tick that is shown, in widgets that have an element for each cell.
 */

export class ChangedCells {
  /** @type {Set<HTMLElement>} */
  marked = new Set();
  turn = "even";

  /**
   * Mark these cells and no others; by turns in one of two ways, so that each fades anew.
   * @param {HTMLElement[]} cells
   */
  mark(cells) {
    for (const cell of this.marked) delete cell.dataset.changed;
    this.turn = this.turn === "even" ? "odd" : "even";
    this.marked = new Set(cells);
    for (const cell of this.marked) cell.dataset.changed = this.turn;
  }
}
