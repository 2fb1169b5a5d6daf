/** Which stretch of a run may be saved, and which is offered. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { objection, offered } from "../../kit/widgets/static/save_stretch.js";

test("two ticks that are shown, in their order, are taken", () => {
  assert.equal(objection(10, 60, 80), "");
  assert.equal(objection(0, 119, 500), "");
  assert.match(objection(10, 81, 80), /from 0 to 80, the last one that can be shown now/);
  for (const wrong of [-1, 1.5, Number.NaN]) assert.match(objection(wrong, 20, 80), /from 0 to 80/);
  assert.match(objection(20, 20, 80), /does not come after/);
  assert.match(objection(21, 20, 80), /does not come after/);
});

test("what is too long says how long, and how far it may go", () => {
  assert.equal(
    objection(10, 310, 400),
    "These are 301 ticks; a picture holds 120 of them, here up to tick 129.",
  );
});

test("what is offered leads from here to the end as far as it may, and can be saved", () => {
  assert.deepEqual(offered(10, 80), [10, 80]);
  assert.deepEqual(offered(10, 500), [10, 129]);
  assert.deepEqual(offered(80, 80), [0, 80]);
  assert.deepEqual(offered(500, 500), [381, 500]);
  for (const limit of [1, 2, 119, 120, 121, 1000]) {
    for (const tick of [0, 1, Math.floor(limit / 2), limit - 1, limit]) {
      assert.equal(objection(...offered(tick, limit), limit), "");
    }
  }
});
