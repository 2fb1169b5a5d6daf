/** How long anywidget waits for a script: longer than it wants to, and nobody else does. */
import assert from "node:assert/strict";
import test from "node:test";

import { waitForScripts } from "../../kit/widgets/static/patience.js";

/** What stands for `AbortSignal`, and for how long it was asked. */
function signals() {
  /** @type {number[]} */
  const asked = [];
  return {
    asked,
    timeout: (/** @type {number} */ ms) => {
      asked.push(ms);
      return /** @type {AbortSignal} */ ({});
    },
  };
}

test("only anywidget waits longer, and only where it would give up", () => {
  const made = signals();
  let stack = "at new Runtime (http://127.0.0.1/lab/extensions/anywidget/static/528.js:1600:30)";
  waitForScripts(made, () => stack);
  made.timeout(2000);
  made.timeout(500);
  stack = "at fetchAll (http://127.0.0.1/lab/extensions/other/static/1.js:1:1)";
  made.timeout(2000);
  assert.deepEqual(made.asked, [120_000, 500, 2000]);
});

test("the scripts of one page change it once", () => {
  const made = signals();
  waitForScripts(made, () => "anywidget");
  const { timeout } = made;
  waitForScripts(made, () => "anywidget");
  assert.equal(made.timeout, timeout);
});
