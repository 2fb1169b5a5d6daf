/**
 * The figures of a player's views: what bqplot does not say of them, for people who hear or scroll.
 */
import { coverFigure } from "./change_marks.js";

/** @type {WeakSet<Element>} */
const labelled = new WeakSet();

/**
 * A picture that is wider than its place can be reached and scrolled by keyboard. It is drawn later
 * than its place is laid out, so both are watched.
 * @param {HTMLElement} figure
 * @param {string} title
 */
function makeScrollable(figure, title) {
  const frame = figure.closest(".kit-frame");
  if (!(frame instanceof HTMLElement) || labelled.has(frame)) return;
  labelled.add(frame);
  const observer = new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.dataset.lmSuppressShortcuts = "true";
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", `${title}, scrolls sideways`);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    }
  });
  for (const one of [frame, ...figure.querySelectorAll("svg")]) observer.observe(one);
}

/**
 * bqplot asks how large a figure is on the screen, and draws as large; where the page is zoomed by
 * its style sheet, as on a full screen, it must draw as large as the place is on the page.
 * @param {HTMLElement} figure
 */
function drawUnzoomed(figure) {
  const measure = figure.getBoundingClientRect.bind(figure);
  figure.getBoundingClientRect = () => {
    const { x, y, width, height } = measure();
    const zoom = figure.currentCSSZoom ?? 1;
    return new DOMRect(x / zoom, y / zoom, width / zoom, height / zoom);
  };
}

/**
 * Name the figure of a view for screen readers, and let it ask for a tick.
 * @param {import("./driver.js").Scene} scene
 * @param {import("./driver.js").Driver} driver
 */
export function labelFigure(scene, driver) {
  const { figure } = scene;
  for (const promise of Object.values(figure?.views ?? {})) {
    promise.then(({ el }) => {
      // It may not stand in its frame yet; then it is looked for again.
      if (!el.isConnected) return;
      scene.labelled = true;
      if (labelled.has(el)) return;
      labelled.add(el);
      drawUnzoomed(el);
      if (figure) coverFigure(figure, el);
      el.setAttribute("role", "img");
      el.setAttribute("aria-label", `${scene.title}; see “This moment in words”`);
      makeScrollable(el, scene.title);
      // What a view makes of a click on its figure is known to the view.
      el.addEventListener("kit-seek", (event) => {
        driver.pause();
        driver.seek(/** @type {CustomEvent<number>} */ (event).detail);
      });
    });
  }
}
