/** Names of pictures that are saved. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName } from "../../kit/widgets/static/saved_file.js";

test("a file is called after its run and its tick, in letters that any system takes", () => {
  assert.equal(fileName("counter", 42, "svg"), "counter-tick-42.svg");
  assert.equal(fileName("<img src=x>/../é", 0, "png"), "img-src-x-e-tick-0.png");
  assert.equal(fileName("", 7, "svg"), "run-tick-7.svg");
  assert.equal(fileName("counter", [10, 60], "svg"), "counter-ticks-10-60.svg");
  assert.equal(fileName("λ".repeat(300), 1, "svg"), "run-tick-1.svg");
});
