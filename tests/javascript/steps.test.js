/** Where steps lead that mean something. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../kit/widgets/static/channels.js";
import { stepFrom } from "../../kit/widgets/static/steps.js";
import { packed } from "./worlds.js";

/** @typedef {import("./packing.js").Key} Key */

/** The first thread runs lines until tick 9, the second one from tick 20 on; another core is idle. */
function narration() {
  /** @returns {Key[]} */
  const lines = (/** @type {number[]} */ ...ticks) => [-1, ...ticks].map((tick, line) => [tick, [line], 0]);
  const shown = packed("narration", {
    marks: {
      steps: {
        events: [lines(0, 18)],
        lines: [lines(3, 9), lines(20, 26)],
        running: [
          [
            [-1, [0], 0],
            [18, [1], 0],
          ],
          [[-1, [-1], 0]],
        ],
      },
    },
  });
  return decode(shown.header, shown.data);
}

/**
 * The ticks that steps lead to, one after the other.
 * @param {"event" | "line"} unit
 * @param {number} tick
 * @param {1 | -1} way
 * @param {number} number
 */
function steps(unit, tick, way, number) {
  const channels = narration();
  const found = [];
  for (let step = 0, now = tick; step < number; step += 1) {
    for (const channel of channels) channel.seek(Math.min(now, 30), true);
    now = stepFrom(channels, unit, Math.min(now, 30), way);
    found.push(now);
  }
  return found;
}

test("after the last line of a thread comes the next one of another, not the end of the run", () => {
  assert.deepEqual(steps("line", 0, 1, 5), [3, 9, 20, 26, Infinity]);
});

test("before the first line of a thread comes the last one of another, not the start of the run", () => {
  assert.deepEqual(steps("line", 30, -1, 5), [26, 20, 9, 3, 0]);
});

test("events are those of the whole system", () => {
  assert.deepEqual(steps("event", 0, 1, 2), [18, Infinity]);
  assert.deepEqual(steps("event", 30, -1, 2), [18, 0]);
});
