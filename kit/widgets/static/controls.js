/**
 * What ipywidgets' controls lack: sliders have no name for a screen reader, Notebook 7 takes
 * the arrow keys of whatever does not ask for them, and none of them says that its kernel has gone.
 */
import { Notice } from "./connection.js";
import { keepKeys } from "./dom.js";

const UNHEARD = "They do nothing now; run their cell again to connect them.";

/** @param {HTMLElement} box */
function mend(box) {
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label")?.textContent ?? "";
    for (const part of slider.querySelectorAll("[role=slider], .widget-readout")) {
      part.setAttribute("aria-label", name);
    }
    slider.querySelector(".widget-readout")?.setAttribute("role", "textbox");
  }
  keepKeys(box);
}

export default {
  /** @param {Place<object>} place */
  render({ model, el }) {
    const notice = new Notice(model, "these controls", UNHEARD);
    const place = el.style.display;
    const show = () => {
      el.style.display = notice.lost ? "block" : place;
    };
    notice.listeners.push(show);
    el.append(notice.element);
    show();
    let frame = 0;
    /** @type {MutationObserver | null} */
    let watcher = null;
    const start = () => {
      // It is put into the page after it has been made.
      const box = el.closest(".kit-controls");
      if (!(box instanceof HTMLElement)) {
        frame = requestAnimationFrame(start);
        return;
      }
      mend(box);
      // Controls come when their models have come.
      watcher = new MutationObserver(() => mend(box));
      watcher.observe(box, { childList: true, subtree: true });
    };
    start();
    return () => {
      cancelAnimationFrame(frame);
      watcher?.disconnect();
      notice.end();
    };
  },
};
