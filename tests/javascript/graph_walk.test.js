/** Going along the steps of a graph of states, and where it is drawn. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { lineOf, planOf } from "../../kit/widgets/static/graph_drawing.js";
import { GraphWalk } from "../../kit/widgets/static/graph_walk.js";

/**
 * Two threads, of which the second can spoil it: 0 → 1 or 2, 1 → 3 (good) or 4 (bad), 2 → 4.
 * @param {Partial<GraphOfStatesTraits>} [changed]
 */
const walk = (changed = {}) =>
  new GraphWalk({
    places: [
      [0, 0],
      [1, 0.5],
      [1, -0.5],
      [2, 0.5],
      [2, -0.5],
    ],
    texts: ["T1 is at line 3", "x = 0", "T1 writes x (line 3)", "T2 reads x (line 5)", "x = 1"],
    told: [[0, 1], [0], [0], [4], [1]],
    reach: [[0, 1], [0, 1], [1], [0], [1]],
    ends: [-1, -1, -1, 0, 1],
    steps: [
      [0, 1, 2, [4]],
      [0, 2, 3, []],
      [1, 3, 3, []],
      [1, 4, 2, [4]],
      [2, 4, 2, []],
    ],
    ways: [
      [0, 2],
      [0, 3],
    ],
    outcomes: [
      ["prints 1", true],
      ["prints 0", false],
    ],
    outcome: 1,
    opened: true,
    ...changed,
  });

test("the step that is next is that of the marked way, and forwards follows it to its end", () => {
  const here = walk();
  here.forwards();
  assert.equal(here.at, 1);
  here.forwards();
  assert.equal(here.at, 4);
  here.forwards();
  assert.equal(here.at, 4);
});

test("other steps are chosen in the order in which they are drawn, round and round", () => {
  const here = walk();
  assert.deepEqual(here.choices, [1, 0]);
  here.choose(1);
  assert.equal(here.candidate, 1);
  here.choose(-1);
  assert.equal(here.candidate, 0);
  here.choose(1);
  here.forwards();
  assert.equal(here.at, 2);
});

test("back leads to where one came from, else to a state before this one", () => {
  const here = walk();
  here.go(1);
  here.go(4);
  here.back();
  assert.equal(here.at, 1);
  here.back();
  assert.equal(here.at, 0);
  here.back();
  assert.equal(here.at, 0);
  const jumped = walk();
  jumped.at = 3;
  jumped.back();
  assert.equal(jumped.at, 1);
});

test("the last state from which a good end can be reached is marked on a way to a bad one only", () => {
  assert.equal(walk().noReturn, 1);
  assert.equal(walk({ outcome: 0 }).noReturn, -1);
});

test("a state is told with what can come of it, and a step with what it changes", () => {
  const here = walk();
  assert.equal(here.title(0), "State 1 of 5, the beginning");
  assert.equal(here.title(1), "State 2 of 5, after 1 step");
  assert.deepEqual(here.facts(0), ["T1 is at line 3", "x = 0"]);
  assert.deepEqual(here.prospects(1), [
    "Up to here this run could still have gone well.",
    "Every outcome can still be reached.",
  ]);
  assert.deepEqual(here.prospects(2), [
    "Can still be reached: 2: prints 0 (bad).",
    "A good end can no longer be reached.",
  ]);
  assert.deepEqual(here.prospects(4), [
    "Here the run ends. Outcome 2: prints 0 (bad).",
    "It is on the way that is marked.",
  ]);
  assert.equal(here.stepWords(0), "T1 writes x (line 3): x = 1 → state 2");
  assert.equal(here.thread(1), "T2");
});

test("where no end is bad nothing is called good or bad", () => {
  const here = walk({
    outcomes: [
      ["prints 1", true],
      ["prints 0", true],
    ],
  });
  assert.equal(here.called(0), "1: prints 1");
  assert.equal(here.noReturn, -1);
});

test("a graph is drawn to the right or down, whichever is larger in the room, and fits into it", () => {
  /** @type {[number, number][]} */
  const long = Array.from({ length: 12 }, (_, layer) => [layer, 0]);
  const flat = planOf(long, { width: 1000, height: 300 });
  const steep = planOf(long, { width: 300, height: 1000 });
  assert.equal(flat.down, false);
  assert.equal(steep.down, true);
  for (const [plan, room] of /** @type {const} */ ([
    [flat, [1000, 300]],
    [steep, [300, 1000]],
  ])) {
    assert.ok(plan.width * plan.scale <= room[0] + 1e-6);
    assert.ok(plan.height * plan.scale <= room[1] + 1e-6);
  }
  assert.deepEqual(steep.points[3], [flat.points[3]?.[1], flat.points[3]?.[0]]);
});

test("a step to a later layer is a straight line, another one is bent, and one to itself a loop", () => {
  const plan = planOf(
    [
      [0, 0],
      [1, 0],
    ],
    { width: 500, height: 300 },
  );
  assert.match(lineOf(plan, 0, 1, false), /^M[\d. ]+L/);
  assert.match(lineOf(plan, 1, 0, true), /^M[\d. ]+Q/);
  assert.match(lineOf(plan, 0, 0, true), /^M[-\d. ]+C/);
});
