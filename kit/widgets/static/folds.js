/**
 * Which views a person has folded, so that they stay so when the page is loaded again.
 */

const VIEW = /kit-place-[a-z-]+/;

/**
 * Where on the page a stage is, as a page says that is drawn cell by cell: two may have one title.
 * @param {Element | null} stage
 */
function placeOf(stage) {
  const cell = stage?.closest(".jp-Cell, .cell");
  if (!stage || !(cell instanceof HTMLElement)) return "";
  const number = Array.from(cell.querySelectorAll(".kit-stage")).indexOf(stage);
  return `${cell.id || (cell.dataset.windowedListIndex ?? "")} ${number}`;
}

/**
 * Where a view's state is kept; undefined if it is no view of a stage.
 * @param {Element} fold
 * @param {string} title of the stage
 */
function keyOf(fold, title) {
  const place = fold.closest(".kit-stage .kit-view[class*=kit-place]")?.className.match(VIEW);
  if (!place) return undefined;
  return `${location.pathname} ${title} ${placeOf(fold.closest(".kit-stage"))} ${place[0]}`;
}

/** @returns {Storage | undefined} none where the page forbids it */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

/**
 * Keep what is folded in a stage, and fold what was.
 * @param {HTMLElement} stage
 * @param {() => string} title
 * @returns {{restore(): void, end(): void}}
 */
export function keepFolds(stage, title) {
  /** @type {WeakSet<Element>} */
  const restored = new WeakSet();
  const keep = (/** @type {Event} */ event) => {
    if (!(event.target instanceof HTMLDetailsElement) || !restored.has(event.target)) return;
    const key = keyOf(event.target, title());
    if (key) storage()?.setItem(key, event.target.open ? "open" : "folded");
  };
  // A toggle does not bubble, but it can be caught on its way down.
  stage.addEventListener("toggle", keep, true);
  return {
    restore() {
      for (const fold of stage.querySelectorAll(".kit-fold")) {
        if (!(fold instanceof HTMLDetailsElement) || restored.has(fold)) continue;
        restored.add(fold);
        const key = keyOf(fold, title());
        const kept = key ? storage()?.getItem(key) : null;
        if (kept) fold.open = kept === "open";
      }
    },
    end: () => stage.removeEventListener("toggle", keep, true),
  };
}
