import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  LEAST,
  barsByLane,
  drawnBars,
  following,
  notesThatFit,
  panned,
  rulerTicks,
  within,
  wordsThatFit,
  zoomed,
} from "../../kit/widgets/static/timescale.js";

/** @type {(one: number, other: number) => void} */
const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`);

describe("the window", () => {
  it("stays within the run, and shows some ticks at least", () => {
    assert.deepEqual(within(-5, 20, 100), [0, 20]);
    assert.deepEqual(within(95, 20, 100), [80, 100]);
    assert.deepEqual(within(50, 1, 100), [50, 50 + LEAST]);
    assert.deepEqual(within(10, 400, 100), [0, 100]);
    assert.deepEqual(within(0, 1, 3), [0, 3]);
  });

  it("zooms around a tick, which stays where it is", () => {
    const [first, last] = zoomed([0, 100], 0.5, 30, 100);
    near(last - first, 50);
    near((30 - first) / (last - first), 0.3);
    assert.deepEqual(zoomed([15, 65], 4, 30, 100), [0, 100]);
  });

  it("is panned no farther than the run goes", () => {
    assert.deepEqual(panned([20, 40], 10, 100), [30, 50]);
    assert.deepEqual(panned([20, 40], 500, 100), [80, 100]);
  });

  it("turns the page only where the playhead has left it", () => {
    /** @type {[number, number]} */
    const window = [20, 40];
    assert.equal(following(window, 40, 100), window);
    const [first, last] = following(window, 40.5, 100);
    assert.ok(first > 35 && first < 40.5 && last - first === 20);
    assert.ok(following(window, 3, 100)[0] <= 3);
    assert.deepEqual(following(window, 100, 100), [80, 100]);
  });
});

describe("the ruler", () => {
  it("writes round numbers, far enough apart", () => {
    assert.deepEqual(rulerTicks([0, 102], 17), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(rulerTicks([31, 39], 1), [31, 32, 33, 34, 35, 36, 37, 38, 39]);
    assert.deepEqual(rulerTicks([0, 10000], 1900), [0, 2000, 4000, 6000, 8000, 10000]);
    assert.deepEqual(rulerTicks([0, 5], 0.01), [0, 1, 2, 3, 4, 5]);
  });

  it("has ticks at least as far apart as asked, for any window", () => {
    for (let least = 0.3; least < 1e6; least *= 1.7) {
      const ticks = rulerTicks([0, 20 * least], least);
      assert.ok(ticks.length >= 2 && ticks[1] - ticks[0] >= least, String(least));
    }
  });
});

describe("bars", () => {
  /** @typedef {import("../../kit/widgets/static/timescale.js").Bar} Bar */
  const numbers = Float32Array.of(0, 4, 0, 7, 4, 9, 0, 8, 2, 3, 1, 7);

  it("are put to their lanes", () => {
    assert.deepEqual(barsByLane(numbers, 3), [
      [
        [0, 4, 7],
        [4, 9, 8],
      ],
      [[2, 3, 7]],
      [],
    ]);
  });

  it("are drawn as they are where there is room, and only those in the window", () => {
    /** @type {Bar[]} */
    const bars = [
      [0, 4, 7],
      [4, 9, 8],
      [12, 20, 7],
    ];
    assert.deepEqual(drawnBars(bars, [5, 10], 3), [[4, 9, 8, null, null]]);
    assert.equal(drawnBars(bars, [0, 20], 3).length, 3);
  });

  it("become columns of shares where they are too thin", () => {
    // One pixel a tick: columns of three ticks, each bar one tick.
    /** @type {Bar[]} */
    const bars = Array.from({ length: 12 }, (_, tick) => [tick, tick + 1, tick % 3 ? 1 : 0]);
    const drawn = drawnBars(bars, [0, 12], 1);
    assert.equal(drawn.length, 8);
    for (const [start, end, look, from, to] of drawn) {
      near(end - start, 3);
      near(Number(to) - Number(from), look === 0 ? 1 / 3 : 2 / 3);
      near(Number(from), look === 0 ? 0 : 1 / 3);
    }
  });

  it("keep every look's time, however they are cut", () => {
    let [seed, tick] = [7, 0];
    const next = (/** @type {number} */ most) => {
      seed = (seed * 48271) % 2147483647;
      return seed % most;
    };
    /** @type {Bar[]} */
    const bars = [];
    while (tick < 5000) {
      const start = tick + next(3);
      tick = start + 1 + next(next(9) ? 4 : 60);
      bars.push([start, tick, next(4)]);
    }
    for (const pace of [0.01, 0.3, 1, 2.5, 40]) {
      const wanted = [0, 0, 0, 0];
      const found = [0, 0, 0, 0];
      for (const [start, end, look] of bars) wanted[look] += end - start;
      let reached = 0;
      for (const [start, end, look, from, to] of drawnBars(bars, [0, tick], pace)) {
        found[look] += (end - start) * (from === null ? 1 : to - from);
        assert.ok(start >= reached - 1e-6 || Number(from) > 0, "bars do not overlap");
        reached = end;
      }
      for (const [look, ticks] of wanted.entries()) assert.ok(Math.abs(ticks - found[look]) < 1e-3);
    }
  });

  it("carry words where these fit into what is seen of them", () => {
    const drawn = drawnBars(
      [
        [0, 10, 0],
        [10, 12, 1],
        [12, 90, 2],
      ],
      [5, 40],
      10,
    );
    /** @type {(look: number, pixels: number) => string} */
    const fit = (look, pixels) => (pixels >= 45 ? `look ${look}` : "");
    assert.deepEqual(wordsThatFit(drawn, [5, 40], 10, fit), [
      [5, "look 0", 0],
      [12, "look 2", 2],
    ]);
  });
});

describe("notes", () => {
  const width = (/** @type {string} */ text) => 6 * text.length;
  /** @type {ZoomTraits["notes"]} */
  const notes = [
    [10, "✕ fault", "✕", 20, 1000],
    [14, "■ exit 0", "■", 20, 1000],
    [15, "■ exit 0", "■", 60, 1000],
    [30, "send 5", "", 60, 0],
  ];

  it("are written whole where there is room up to the next one in their row", () => {
    const wide = { pace: 20, stop: 40, down: false };
    assert.deepEqual(notesThatFit(notes, [0, 40], wide, width), ["✕ fault", "■ exit 0", "■ exit 0", ""]);
    const narrow = { pace: 5, stop: 40, down: false };
    assert.deepEqual(notesThatFit(notes, [0, 40], narrow, width), ["✕", "■ exit 0", "■ exit 0", ""]);
  });

  it("are left out where nothing fits, and beside the window", () => {
    const tight = { pace: 1, stop: 40, down: false };
    assert.equal(notesThatFit(notes, [0, 40], tight, width)[0], "");
    assert.equal(notesThatFit(notes, [12, 40], { pace: 20, stop: 40, down: false }, width)[0], "");
  });

  it("need room across where time runs down", () => {
    const down = { pace: 4, stop: 40, down: true };
    /** @type {typeof notes} */
    const rooms = notes.map(([tick, text, symbol, across]) => [tick, text, symbol, across, 45]);
    assert.deepEqual(notesThatFit(rooms, [0, 40], down, width), ["✕ fault", "■", "■", "send 5"]);
  });
});
