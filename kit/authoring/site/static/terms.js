/**
 * Words that are explained: what one means is shown while one points at it, or has come to it with
 * the keyboard. One can point at the explanation itself; Escape hides it, and nothing else does.
 */
"use strict";

(() => {
  /** How long it stays when the pointer has left, so that one can get from the word to it; ms. */
  const GRACE = 200;
  /** What is left between it and the edge of the window; px. */
  const EDGE = 8;
  /** @type {HTMLElement | null} */
  let open = null;
  let leaving = 0;

  /** @param {EventTarget | null} target */
  const termOf = (target) =>
    target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".term")) : null;

  /** @param {HTMLElement} term */
  const tipOf = (term) => /** @type {HTMLElement} */ (term.querySelector(".tip"));

  function hide() {
    clearTimeout(leaving);
    if (open) tipOf(open).hidden = true;
    open = null;
  }

  /** @param {HTMLElement} term */
  function show(term) {
    clearTimeout(leaving);
    if (open === term) return;
    hide();
    open = term;
    tipOf(term).hidden = false;
    place();
  }

  /** Put what is shown below its word, or above it, where the whole of it is in sight. */
  function place() {
    if (!open) return;
    const tip = tipOf(open);
    const { left, top, bottom } = open.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const room = clientWidth - EDGE - tip.offsetWidth;
    const fits = bottom + tip.offsetHeight <= clientHeight || top < tip.offsetHeight;
    tip.style.left = `${Math.max(EDGE, Math.min(left, room))}px`;
    tip.style.top = `${fits ? bottom : top - tip.offsetHeight}px`;
  }

  document.addEventListener("mouseover", ({ target }) => {
    const term = termOf(target);
    if (term) show(term);
  });
  document.addEventListener("mouseout", ({ target, relatedTarget }) => {
    const term = termOf(target);
    if (!term || term !== open || term.contains(/** @type {Node | null} */ (relatedTarget))) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if (!term.contains(document.activeElement)) hide();
    }, GRACE);
  });
  document.addEventListener("focusin", ({ target }) => {
    const term = termOf(target);
    if (term) show(term);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (termOf(target) === open) hide();
  });
  // It does not lie in the text, where a wide table that scrolls would cut it off.
  document.addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
})();
