/**
 * What a page says of its Python: that it starts, computes, has stopped or failed; and a way to
 * stop it.
 */
"use strict";

(() => {
  const PATIENCE = 400; // ms that something may take before it is spoken of
  const LINGERS = 6000; // ms for which something that was said stays

  class Line {
    /** @param {() => void} stop called when a person presses Stop */
    constructor(stop) {
      this.words = document.createElement("span");
      this.words.setAttribute("role", "status");
      this.bar = document.createElement("progress");
      this.bar.setAttribute("aria-label", "How much of Python is there");
      this.bar.max = 1;
      this.button = document.createElement("button");
      this.button.type = "button";
      this.button.textContent = "Stop Python";
      this.button.addEventListener("click", stop);
      this.element = document.createElement("div");
      this.element.className = "python";
      this.element.hidden = true;
      this.element.append(this.words, this.bar, this.button);
      document.body.append(this.element);
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      this.waiting = undefined;
    }

    /**
     * @param {string} words
     * @param {boolean} working whether there is something to stop
     */
    show(words, working) {
      this.words.textContent = words;
      this.bar.hidden = true;
      this.button.hidden = !working;
      this.element.hidden = false;
    }

    /**
     * Say at once that something is done that takes its time.
     * @param {string} words
     * @param {number | null} part how much of it is done
     */
    work(words, part = null) {
      clearTimeout(this.waiting);
      if (this.element.hidden || this.words.textContent !== words) this.show(words, true);
      this.bar.hidden = part === null;
      if (part !== null) this.bar.value = part;
    }

    /** Something is computed; say so if it takes long. */
    compute() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.work("Python is computing …"), PATIENCE);
    }

    /** @param {string} words what there is to say now that it is done, and for a moment only */
    rest(words = "") {
      clearTimeout(this.waiting);
      if (!words) {
        this.element.hidden = true;
        return;
      }
      this.show(words, false);
      this.waiting = setTimeout(() => this.rest(), LINGERS);
    }
  }

  window.kitPythonLine = (/** @type {() => void} */ stop) => new Line(stop);
})();
