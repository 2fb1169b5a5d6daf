/** A stretch of a run as one picture: each thing once, seen in its time. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Stretch } from "../../kit/widgets/static/stretch_svg.js";

/** @typedef {import("../../kit/widgets/static/svg_file.js").Drawn} Drawn */

/**
 * @param {string} text
 * @param {...Drawn} inside
 * @returns {Drawn}
 */
const drawn = (text, ...inside) => ({ tag: "g", head: "<g", text, inside });

/**
 * @param {Drawn[][]} moments
 */
function stretchOf(moments) {
  const stretch = new Stretch();
  for (const moment of moments) stretch.take(moment);
  return stretch;
}

/**
 * What a layer shows at a moment, in the order of drawing, as nested lists of texts.
 * @param {Stretch["layer"]} layer
 * @param {number} place
 * @returns {unknown[]}
 */
const shown = (layer, place) =>
  layer.parts
    .filter(({ seen }) => seen.some(([begin, end]) => begin <= place && place < end))
    .map(({ text, inside }) => [text, ...shown(inside, place)]);

/**
 * @param {Drawn[]} moment
 * @returns {unknown[]}
 */
const wanted = (moment) => moment.map(({ text, inside }) => [text, ...wanted(inside)]);

/** @param {number} seed */
function* numbers(seed) {
  for (let last = seed; ; yield last) last = (last * 48271) % 2147483647;
}

test("each moment shows what was drawn at it, in its order, whatever comes, goes and moves", () => {
  const random = numbers(19);
  const next = (/** @type {number} */ most) => Number(random.next().value) % most;
  /** @type {(deep: number) => Drawn[]} */
  const some = (deep) =>
    Array.from({ length: next(7) }, () => drawn(String(next(5)), ...(deep > 0 ? some(deep - 1) : [])));
  for (let run = 0; run < 200; run += 1) {
    /** @type {Drawn[][]} */
    const moments = Array.from({ length: 1 + next(8) }, () => some(2));
    const stretch = stretchOf(moments);
    for (const [place, moment] of moments.entries()) {
      assert.deepEqual(shown(stretch.layer, place), wanted(moment));
    }
  }
});

test("what stays and what comes again is there once", () => {
  const moments = ["a x b", "a b", "a y b", "a x b"].map((text) => text.split(" ").map((one) => drawn(one)));
  const content = stretchOf(moments).content(0.5);
  const [always, sometimes] = [/<g>[ab]<\/g>/g, /<g class="kit-s\d"( visibility="hidden")?>[xy]<\/g>/g];
  assert.equal(content.match(always)?.length, 2);
  assert.deepEqual(content.match(sometimes), [
    '<g class="kit-s0" visibility="hidden">y</g>',
    '<g class="kit-s1">x</g>',
  ]);
});

test("the style sheet says when a thing is seen, and nothing moves for who wants less motion", () => {
  const content = stretchOf([[drawn("a")], [drawn("b")], [drawn("b")], [drawn("a")]]).content(0.25);
  assert.ok(content.includes("{animation:2.500s step-end infinite}"));
  assert.ok(content.includes("0%{visibility:visible}10%{visibility:hidden}30%{visibility:visible}}"));
  assert.ok(content.includes("0%{visibility:hidden}10%{visibility:visible}30%{visibility:hidden}}"));
  assert.match(content, /prefers-reduced-motion: reduce\)\{\[class\^=kit-s\]\{animation:none !important\}/);
});

test("what is in a thing that comes and goes needs no time of its own", () => {
  const content = stretchOf([[], [drawn("", drawn("in"))], []]).content(1);
  assert.ok(content.includes('<g class="kit-s0" visibility="hidden"><g>in</g></g>'));
  assert.ok(!content.includes("kit-s1"));
});
