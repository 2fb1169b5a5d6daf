/**
 * What ipywidgets' controls lack: sliders have no name for a screen reader, and
 * Notebook 7 takes the arrow keys of whatever does not ask for them.
 */
import { keepKeys } from "./dom.js";

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
  render({ el }) {
    let box = null;
    let frame = 0;
    const watcher = new MutationObserver(() => mend(box));
    const start = () => {
      // It is put into the page after it has been made.
      box = el.closest(".kit-controls");
      if (!box) {
        frame = requestAnimationFrame(start);
        return;
      }
      mend(box);
      // Controls come when their models have come.
      watcher.observe(box, { childList: true, subtree: true });
    };
    start();
    return () => {
      cancelAnimationFrame(frame);
      watcher.disconnect();
    };
  },
};
