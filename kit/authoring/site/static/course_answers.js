/**
 * What this browser keeps of the other pages of the course, for a map of the reader's ideas.
 */
"use strict";

(() => {
  const PREFIX = "os-course-kit ";
  const BY_TEXT = ["exercise", "explanation"];
  /** @type {(value: unknown) => string} */
  const text = (value) => (typeof value === "string" ? value : "");

  /**
   * For each answer to a question, the ideas that the first and the last try show.
   * @param {unknown} answers of a page, in which anything may be
   * @returns {[string, string][]}
   */
  function shownBy(answers) {
    const records = answers && typeof answers === "object" ? Object.values(answers) : [];
    const asked = records.filter((one) => Array.isArray(one?.chosen) && !BY_TEXT.includes(one.kind));
    return asked.map((one) => {
      const first = Array.isArray(one.history) && one.history[0]?.try === 1 ? one.history[0] : null;
      const only = one.tries === 1 ? one : null;
      return [text((first ?? only)?.idea), text(one.idea)];
    });
  }

  /** @param {string} name of what is kept */
  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  }

  /** The names of what the pages of this course keep, in order. */
  function names() {
    const root = new URL(document.body.dataset.root || ".", location.href).pathname;
    try {
      return Object.keys(localStorage)
        .filter((name) => name.startsWith(`${PREFIX}${root}`))
        .sort();
    } catch {
      return []; // a browser may refuse it
    }
  }

  /**
   * What a lesson is called, in words, as the name of its page has it.
   * @param {string} href of the page
   */
  function lessonOf(href) {
    const file = href.split("/").pop() ?? "";
    const words = (/** @type {string} */ name) => name.replace(/\.html$/, "").replaceAll("_", " ");
    try {
      return words(decodeURIComponent(file));
    } catch {
      return words(file); // an address may have a "%" that stands for itself
    }
  }

  /**
   * What the answers of each lesson show, those of this page last.
   * @param {string} own the name of what this page keeps
   * @param {object} answers those of this page
   * @returns {KeptIdeas[]}
   */
  window.kitCourseIdeas = (own, answers) => {
    const others = names().filter((name) => name !== own);
    const kept = others.map((name) => {
      const href = name.slice(PREFIX.length);
      return { lesson: lessonOf(href), href, shown: shownBy(read(name)) };
    });
    const here = { lesson: "this one", href: "", shown: shownBy(answers) };
    return [...kept, here].filter(({ shown }) => shown.length > 0);
  };
})();
