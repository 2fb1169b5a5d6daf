import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import { boxesOf } from "../../kit/widgets/static/change_marks.js";
import { World } from "./worlds.js";

before(() => {
  // A canvas in which each letter is 10 pixels wide.
  const measureText = (/** @type {string} */ text) => ({ width: 10 * text.length });
  const createElement = () => ({ getContext: () => ({ measureText }) });
  globalThis.document = /** @type {Document} */ (/** @type {unknown} */ ({ createElement }));
});

/**
 * The boxes of all elements of two marks of a figure that is twice as wide as its picture.
 * @param {Partial<MarkTraits>} label
 * @param {Partial<MarkTraits>} shape
 */
async function boxes(label, shape) {
  const world = new World();
  const view = world.view("view", {
    marks: { label: { text: [[[-1, "", 0]]] }, shape: { x: [[[-1, [0], 0]]] } },
  });
  const scales = {
    x: world.manager.make("across", { max: 600 }),
    y: world.manager.make("down", { max: 100 }),
  };
  const drawn = {
    scales,
    default_size: 12,
    font_weight: "normal",
    align: "start",
    close_path: true,
    stroke_width: 0,
  };
  await world.show(view);
  Object.assign(world.marks.label.traits, drawn, label);
  Object.assign(world.marks.shape.traits, drawn, shape);
  const [scene] = world.driver.scenes;
  const all = (/** @type {ArrayLike<unknown>} */ list) => new Set(Array.from(list, (_, place) => place));
  const elements = new Map([
    [0, all(label.text ?? [])],
    [1, all(shape.x ?? [])],
  ]);
  const found = boxesOf(scene, elements, { width: 1200, height: 100 });
  world.restore();
  return found.map(({ left, top, width, height }) => [left, top, left + width, top + height].map(Math.round));
}

const NONE = { x: [], y: [] };

describe("frames around what changed", () => {
  it("enclose texts where they are, and leave out empty ones", async () => {
    const text = ["four", ""];
    assert.deepEqual(await boxes({ text, x: [50, 0], y: [40, 0] }, NONE), [[97, 31, 143, 49]]);
    assert.deepEqual(await boxes({ text, x: [50, 0], y: [40, 0], align: "end" }, NONE), [[57, 31, 103, 49]]);
    assert.deepEqual(await boxes({ text, x: [50, 0], y: [40, 0], align: "middle" }, NONE), [
      [77, 31, 123, 49],
    ]);
  });

  it("enclose rectangles that are seen, and no lines", async () => {
    const [x, y] = [[[10, 60, 60, 10]], [[5, 5, 25, 25]]];
    const nothing = { text: [], x: [], y: [] };
    assert.deepEqual(await boxes(nothing, { x, y, opacities: [1] }), [[20, 5, 120, 25]]);
    assert.deepEqual(await boxes(nothing, { x, y, opacities: [0] }), []);
    assert.deepEqual(await boxes(nothing, { x, y, opacities: [1], close_path: false }), []);
  });

  it("are one where a text stands in its rectangle", async () => {
    const token = { x: [[15, 55, 55, 15]], y: [[35, 35, 45, 45]], opacities: [1], stroke_width: 20 };
    assert.deepEqual(await boxes({ text: ["T1"], x: [15], y: [40] }, token), [[20, 25, 120, 55]]);
  });
});
