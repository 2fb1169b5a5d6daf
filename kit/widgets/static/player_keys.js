/**
 * The keys of a player, as they are told below it.
 */

/** What works wherever the focus is inside the player. */
export const KEYS = [
  ["Space", "plays and stops"],
  ["←", "one tick back"],
  ["→", "one tick on"],
  ["Shift ←", "back to the previous event of the operating system"],
  ["Shift →", "on to the next event of the operating system"],
  [",", "back to the previous source line of the thread that runs"],
  [".", "on to the next source line of the thread that runs"],
  ["n", "on to the next change of what is pointed at"],
  ["p", "back to its previous change"],
  ["Esc", "points at nothing"],
  ["Home", "to the start"],
  ["End", "to the end"],
  ["+", "faster"],
  ["-", "slower"],
  ["f", "fills the screen, and back"],
  ["l", "copies a link to this run at this tick"],
  ["Tab", "to the next control; the timeline and the frames have keys of their own"],
];
