import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { decode, soften, tell } from "../../kit/widgets/static/channels.js";
import { pack } from "./packing.js";

/** @typedef {import("./packing.js").Value} Value */
/** @typedef {import("./packing.js").Key} Key */

/** @type {Key[]} */
const GLIDE = [
  [-1, [0], 0],
  [10, [100], 10],
];

/**
 * The random numbers of a seed: mulberry32, so that a failing case comes again.
 * @param {number} seed
 */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Decode channels from one buffer that, as on the wire, begins at an odd address.
 * @param {[ChannelHeader, number[]][]} packed
 */
function decoded(...packed) {
  const bytes = Uint8Array.from([0, ...packed.flatMap(([, data]) => data)]);
  const channels = packed.map(([header]) => header);
  return decode({ channels }, new DataView(bytes.buffer, 1));
}

/**
 * What an element's value is at a tick, found by looking at every key.
 * @param {Key[]} keys
 * @param {number} tick
 * @param {{steady?: boolean, still?: boolean}} how
 * @returns {Value}
 */
function expected(keys, tick, { steady, still }) {
  const place = keys.findLastIndex(([begin]) => begin <= tick);
  const [, value] = keys[place];
  const [next, goal, glide] = keys[place + 1] ?? [Infinity, [], 0];
  if (typeof value === "string" || !glide || tick <= next - glide) return value;
  if (still && !steady) return value;
  const share = (tick - (next - glide)) / glide;
  const moved = steady ? share : soften(share);
  return value.map((from, slot) => from + (Number(goal[slot]) - from) * moved);
}

/** @type {(found: number[], wanted: Value, what: string) => void} */
function near(found, wanted, what) {
  for (const [slot, number] of found.entries()) {
    assert.ok(Math.abs(number - Number(wanted[slot])) < 1e-3, what);
  }
}

/**
 * Keys as `Channel.add` makes them: ticks grow, a glide begins after the key before.
 * @param {() => number} random
 * @param {() => Value} makeValue
 */
function randomKeys(random, makeValue) {
  /** @type {Key[]} */
  const keys = [[-1, makeValue(), 0]];
  let tick = 0;
  for (let count = Math.floor(random() * 12); count > 0; count -= 1) {
    const wait = Math.ceil(random() * 6);
    tick += wait;
    const value = makeValue();
    const glide = typeof value === "string" || random() < 0.4 ? 0 : Math.round(random() * wait * 4) / 4;
    keys.push([tick, value, glide]);
  }
  return keys;
}

/**
 * Ticks in the order of a person who plays, rewinds and jumps about.
 * @param {() => number} random
 * @param {number} end
 */
function* visits(random, end) {
  for (let tick = 0; tick <= end; tick += 0.25) yield tick;
  for (let tick = end; tick >= 0; tick -= 0.5) yield tick;
  for (let count = 0; count < 100; count += 1) yield Math.round(random() * end * 8) / 8;
}

describe("a decoded channel", () => {
  it("reads the arrays of several channels one after the other", () => {
    const [numeric, text, flat] = decoded(
      pack(
        [
          [
            [-1, [1, 2], 0],
            [4, [5, 6], 2],
          ],
          [[-1, [7, 8], 0]],
        ],
        { spread: [0, 1, 1, 0] },
      ),
      pack([
        [
          [-1, "", 0],
          [3, "ready", 0],
          [5, "running", 0],
        ],
      ]),
      pack([[[-1, [0.5], 0]], [[-1, [0.25], 0]]]),
    );
    for (const channel of [numeric, text, flat]) assert.ok(channel.seek(4, false));
    assert.deepEqual(
      numeric.value(),
      [
        [5, 6, 6, 5],
        [7, 8, 8, 7],
      ].map((row) => Float64Array.from(row)),
    );
    assert.deepEqual(text.value(), ["ready"]);
    assert.deepEqual(flat.value(), Float64Array.from([0.5, 0.25]));
  });

  for (const steady of [false, true]) {
    for (const still of [false, true]) {
      it(`is right wherever one seeks, ${steady ? "steady" : "soft"}${still ? ", still" : ""}`, () => {
        for (let seed = 1; seed <= 40; seed += 1) {
          const random = numbers(seed);
          const makeValue = () => [Math.round(random() * 100), Math.round(random() * 100)];
          const elements = Array.from({ length: 1 + (seed % 4) }, () => randomKeys(random, makeValue));
          const [channel] = decoded(pack(elements, { steady }));
          for (const tick of visits(random, 40)) {
            channel.seek(tick, still);
            elements.forEach((keys, element) => {
              const found = Array.from(channel.now.subarray(element * 2, element * 2 + 2));
              near(found, expected(keys, tick, { steady, still }), `seed ${seed}, tick ${tick}`);
            });
          }
        }
      });
    }
  }

  it("is right wherever one seeks, of texts", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = numbers(seed);
      const makeValue = () => ["", "ready", "running", "<b>"][Math.floor(random() * 4)];
      const elements = Array.from({ length: 3 }, () => randomKeys(random, makeValue));
      const [channel] = decoded(pack(elements));
      for (const tick of visits(random, 40)) {
        channel.seek(tick, false);
        const wanted = elements.map((keys) => expected(keys, tick, {}));
        assert.deepEqual(channel.value(), wanted, `seed ${seed}, tick ${tick}`);
        assert.equal(channel.text(2), wanted[2]);
      }
    }
  });

  it("says whether anything changed", () => {
    const [channel] = decoded(
      pack([
        [
          [-1, [0], 0],
          [8, [4], 2],
        ],
        [[-1, [9], 0]],
      ]),
    );
    const ticks = [0, 3, 6, 6.5, 6.5, 8, 20, 5, 0];
    const changes = ticks.map((tick) => channel.seek(tick, false));
    assert.deepEqual(changes, [true, false, false, true, false, true, false, true, false]);
  });

  it("starts and ends a soft glide slowly, and a steady one not", () => {
    const at = (/** @type {{steady?: boolean}} */ options, /** @type {number} */ tick) => {
      const [channel] = decoded(pack([GLIDE], options));
      channel.seek(tick, false);
      return Number(channel.value()[0]);
    };
    const soft = [1, 5, 9, 10].map((tick) => at({}, tick));
    assert.ok(soft[0] < 5 && soft[2] > 95, `${soft}`);
    assert.deepEqual([soft[1], soft[3]], [50, 100]);
    assert.deepEqual(
      [1, 5, 9, 10].map((tick) => Math.round(at({ steady: true }, tick))),
      [10, 50, 90, 100],
    );
  });

  it("holds still for who asked for less motion, but for what shows the time", () => {
    const [soft, steady] = decoded(pack([GLIDE]), pack([GLIDE], { steady: true }));
    for (const channel of [soft, steady]) channel.seek(7, true);
    assert.deepEqual([soft.value()[0], Math.round(Number(steady.value()[0]))], [0, 70]);
  });

  it("hands over a new array each time, which a model takes as a change", () => {
    const [channel] = decoded(pack([[[-1, [1, 2], 0]]], { spread: [0, 1] }));
    channel.seek(0, false);
    assert.notEqual(channel.value(), channel.value());
    assert.notEqual(channel.value()[0], channel.value()[0]);
  });

  it("may have no elements at all", () => {
    const sizes = { elements: 0, keys: 0, width: 1 };
    const header = { trait: "x", target: 0, ...sizes, spread: null, steady: false, glides: false };
    const [channel] = decoded([header, [0, 0, 0, 0]]);
    assert.equal(channel.seek(3, false), false);
    assert.deepEqual(channel.value(), new Float64Array(0));
  });
});

describe("tell", () => {
  const channels = decoded(
    pack([
      [
        [-1, "", 0],
        [2, "count = 1", 0],
      ],
      [[-1, "data", 0]],
    ]),
  );
  const at = (/** @type {number} */ tick, /** @type {Sentence} */ sentence) => {
    channels[0].seek(tick, false);
    return tell(sentence, channels);
  };

  it("joins what is said now", () => {
    assert.match(
      at(2, [
        [0, 1],
        [0, 0],
      ]),
      /^data\b.*\bcount = 1$/,
    );
    assert.equal(
      at(0, [
        [0, 1],
        [0, 0],
      ]),
      "data",
    );
  });

  it("says nothing where only its fixed words are left", () => {
    assert.equal(at(0, ["value:", [0, 0]]), "");
    assert.match(at(2, ["value:", [0, 0]]), /^value:.*count = 1$/);
  });

  it("says fixed words alone where there is nothing else", () => {
    assert.equal(at(0, ["a disk"]), "a disk");
  });
});

describe("what changed at a tick", () => {
  /** @type {Key[][]} */
  const elements = [
    [
      [-1, "a", 0],
      [0, "at the start", 0],
      [3, "b", 0],
      [4, "c", 0],
    ],
    [
      [-1, "x", 0],
      [4, "y", 0],
    ],
    [[-1, "for ever", 0]],
  ];

  it("are the elements that became what they are at that very tick, whichever way it was reached", () => {
    for (const ticks of [
      [0, 1, 2, 3, 4, 5, 3.7],
      [4, 3, 0, 5, 3.2],
    ]) {
      const [channel] = decoded(pack(elements));
      for (const tick of ticks) {
        channel.seek(tick, false);
        const wanted = Math.floor(tick) === 3 ? [0] : tick === 4 ? [0, 1] : [];
        assert.deepEqual(channel.changed(tick), wanted, `tick ${tick}`);
      }
    }
  });
});

describe("the change beside a tick", () => {
  it("is the nearest one before or after it, as looking at every key finds", () => {
    const random = numbers(7);
    const ticks = [...new Set(Array.from({ length: 30 }, () => Math.floor(random() * 100)))].sort(
      (a, b) => a - b,
    );
    /** @type {Key[]} */
    const keys = [[-1, [0], 0], ...ticks.map((tick, place) => /** @type {Key} */ ([tick, [place + 1], 0]))];
    const [channel] = decoded(pack([keys]));
    for (let tick = 0; tick <= 100; tick += 1) {
      assert.equal(
        channel.beside(0, tick, 1),
        ticks.find((one) => one > tick),
      );
      assert.equal(
        channel.beside(0, tick, -1),
        ticks.findLast((one) => one < tick),
      );
    }
  });
});
