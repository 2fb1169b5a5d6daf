/**
 * The run on the page that leads to the lessons: it plays until a reader stops it, and not at all
 * for one who has asked for less motion.
 */
"use strict";

(() => {
  const front = /** @type {HTMLElement | null} */ (document.querySelector(".front"));
  const picture = front?.querySelector("img");
  const button = front?.querySelector("button");
  if (!front || !picture || !button) return;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const files = { still: picture.src, playing: front.dataset.playing ?? picture.src };

  /** @param {boolean} plays */
  const show = (plays) => {
    picture.src = plays ? files.playing : files.still;
    button.textContent = plays ? "Stop" : "Play";
  };

  button.hidden = false;
  button.addEventListener("click", () => show(button.textContent === "Play"));
  show(true);
})();
