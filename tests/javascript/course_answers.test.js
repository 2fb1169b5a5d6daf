/** What a browser keeps of the pages of a course, read for a map of the reader's ideas. */
import assert from "node:assert/strict";
import { test } from "node:test";

const KEPT = "os-course-kit /course/";

const PAGE = {
  window: {},
  document: { body: { dataset: { root: "." } } },
  location: new URL("https://courses.example/course/02_two.html"),
};
for (const [name, value] of Object.entries(PAGE)) Object.defineProperty(globalThis, name, { value });
const SCRIPT = "../../kit/authoring/site/static/course_answers.js"; // no module, so by name only
await import(SCRIPT);

/**
 * What a page of the course reads where a browser keeps these answers.
 * @param {Record<string, string>} kept by name
 * @param {string} own the name of what this page keeps
 * @param {object} answers those of this page
 */
function readOf(kept, own, answers) {
  const methods = { getItem: { value: (/** @type {string} */ name) => kept[name] ?? null } };
  const value = Object.defineProperties({ ...kept }, methods);
  Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
  return window.kitCourseIdeas(own, answers);
}

const time = "2027-01-01T10:00:00Z";
const tried = { try: 1, time, chosen: [1], idea: "a" };
const once = { kind: "own", tries: 1, time, chosen: [1], idea: "a" };
const twice = { ...once, tries: 2, chosen: [0], idea: undefined, history: [tried, { ...tried, try: 2 }] };
const unknown = { ...once, tries: 3 };

test("first and last answers are read as Python reads them", () => {
  const [{ shown }] = readOf({}, `${KEPT}02_two.html`, { once, twice, unknown });
  assert.deepEqual(shown, [
    ["a", "a"],
    ["a", ""],
    ["", "a"],
  ]);
});

test("other pages of the course count, in order, and this one last", () => {
  const one = JSON.stringify({ once });
  const kept = {
    [`${KEPT}02_two.html`]: one,
    [`${KEPT}01_%C3%A9_one.html`]: one,
    [`${KEPT}00_none.html`]: "{}",
    "os-course-kit /other/01.html": one,
    "kit-place /course/": one,
  };
  const found = readOf(kept, `${KEPT}02_two.html`, { unknown });
  assert.deepEqual(
    found.map(({ lesson, href }) => [lesson, href]),
    [
      ["01 é one", "/course/01_%C3%A9_one.html"],
      ["this one", ""],
    ],
  );
});

test("whatever is kept, the answers of this page are read", () => {
  const kept = {
    [`${KEPT}01.html`]: "{",
    [`${KEPT}03.html`]: JSON.stringify({
      a: null,
      b: 1,
      c: { chosen: [0], idea: 3, tries: 1 },
      d: { kind: "exercise", chosen: [0] },
    }),
    [`${KEPT}50%_off.html`]: JSON.stringify({ once }),
  };
  const found = readOf(kept, "", { once });
  assert.deepEqual(
    found.map(({ lesson, shown }) => [lesson, shown]),
    [
      ["03", [["", ""]]],
      ["50% off", [["a", "a"]]],
      ["this one", [["a", "a"]]],
    ],
  );
});
