/** What can be pointed at, where it is, and when it changes. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { decode } from "../../kit/widgets/static/channels.js";
import { changeOf, elementsAbout, subjectsNow } from "../../kit/widgets/static/subjects.js";
import { packed } from "./worlds.js";

const T1 = "thread:2:1";
const T2 = "thread:2:2";

/** A view with two tokens, of which the second is T2's first and T1's from tick 20 on. */
function view() {
  const shown = packed("cpu", {
    marks: {
      rule: { y: [[[-1, [0], 0]]] },
      tokens: {
        about: [
          [
            [-1, "", 0],
            [5, T1, 0],
            [20, "", 0],
          ],
          [
            [-1, T2, 0],
            [20, T1, 0],
          ],
        ],
        text: [
          [
            [-1, "", 0],
            [5, "T1", 0],
            [9, "T1 ready", 0],
            [20, "", 0],
          ],
          [
            [-1, "T2", 0],
            [7, "T2 blocked", 0],
            [20, "T1", 0],
            [30, "T1 ends", 0],
          ],
        ],
      },
    },
    subjects: { [T1]: "thread counter T1", [T2]: "thread counter T2" },
  });
  return { header: shown.header, channels: decode(shown.header, shown.data) };
}

/**
 * The view at a tick.
 * @param {number} tick
 */
function at(tick) {
  const scene = view();
  for (const channel of scene.channels) channel.seek(tick, true);
  return scene;
}

test("only what is there can be pointed at, with its name", () => {
  assert.deepEqual([...subjectsNow([at(0)])], [[T2, "thread counter T2"]]);
  assert.deepEqual([...subjectsNow([at(6)]).keys()], [T1, T2]);
  assert.deepEqual([...subjectsNow([at(25)]).keys()], [T1]);
});

test("its elements are those that are about it now, in the target of their mark", () => {
  assert.deepEqual([...elementsAbout(at(6), T1)], [[1, new Set([0])]]);
  assert.deepEqual([...elementsAbout(at(25), T1)], [[1, new Set([1])]]);
  assert.deepEqual([...elementsAbout(at(25), T2)], []);
  assert.deepEqual([...elementsAbout(at(6), "")], []);
});

test("its changes are those of elements while they are about it", () => {
  const scenes = [at(0)];
  const on = [5, 9, 20, 30, undefined];
  on.reduce(
    (tick, next) => {
      assert.equal(changeOf(scenes, T1, Number(tick), 1), next);
      return next;
    },
    /** @type {number | undefined} */ (0),
  );
  assert.equal(changeOf(scenes, T1, 30, -1), 20);
  assert.equal(changeOf(scenes, T1, 20, -1), 9);
  assert.equal(changeOf(scenes, T2, 7, 1), undefined);
  assert.equal(changeOf(scenes, "variable:2:none", 0, 1), undefined);
});

/** A table with one cell that names who is there, and a grid with two cells of which one is shared. */
function cells() {
  const shown = packed("listing", {
    marks: {
      source: {
        cells: [
          [
            [-1, "", 0],
            [3, "T1", 0],
            [8, "T1, T2", 0],
            [12, "T2", 0],
          ],
        ],
      },
      ram: {
        shown: [
          [
            [-1, [0], 0],
            [4, [1], 0],
            [9, [0], 0],
          ],
          [[-1, [0], 0]],
        ],
        about: [
          [
            [-1, "frame:7", 0],
            [4, "frame:7\x1fprocess:2", 0],
            [9, "frame:7", 0],
          ],
          [[-1, "frame:8", 0]],
        ],
      },
    },
  });
  shown.header.about.push([0, 0, { T1, "T1, T2": `${T1}\x1f${T2}`, T2 }]);
  return { header: shown.header, channels: decode(shown.header, shown.data) };
}

/** @param {number} tick */
function cellsAt(tick) {
  const scene = cells();
  for (const channel of scene.channels) channel.seek(tick, true);
  return scene;
}

test("a cell can be about several, and its text can tell about which", () => {
  assert.deepEqual([...elementsAbout(cellsAt(5), T1)], [[0, new Set([0])]]);
  assert.deepEqual([...elementsAbout(cellsAt(5), T2)], []);
  assert.deepEqual([...elementsAbout(cellsAt(8), T2)], [[0, new Set([0])]]);
  assert.deepEqual([...elementsAbout(cellsAt(12), T1)], []);
  assert.deepEqual([...elementsAbout(cellsAt(5), "process:2")], [[1, new Set([0])]]);
  assert.deepEqual([...elementsAbout(cellsAt(5), "frame:8")], [[1, new Set([1])]]);
});

test("steps go to the changes of a frame, and to where a thread comes in a table", () => {
  const scenes = [cellsAt(0)];
  assert.equal(changeOf(scenes, "frame:7", 0, 1), 4);
  assert.equal(changeOf(scenes, "frame:7", 4, 1), 9);
  assert.equal(changeOf(scenes, T2, 0, 1), 8);
  assert.equal(changeOf(scenes, T2, 12, -1), 8);
});
