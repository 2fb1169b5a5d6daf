import assert from "node:assert/strict";
import { describe as group, it } from "node:test";

import { describe, fit, shortened } from "../../kit/widgets/static/frame_grid.js";

/** @type {Parameters<typeof describe>[0]} */
const GRID = {
  unit: "frame",
  size: 1024,
  reserved: 6,
  contiguous: false,
  owners: [
    ["heap", 1, "counter", "heap"],
    ["shared", 0, "", "shared board"],
    ["room", 2, "a", ""],
  ],
  states: [
    [],
    [0, 5],
    [0, 5, "1+2", "pid 2"],
    [0, 5, "1+2", "pid 2", "c"],
    [0, 5, "", "", "c"],
    [1, 0],
    [2, 3],
  ],
};
const WHERE = "frame 17 (0x4400–0x47ff): ";
const PAGE = "page 5 of counter (pid 1), heap, virtual 0x1400–0x17ff";

group("describe", () => {
  /** @type {[number, string, string, string][]} */
  const cases = [
    [0, "free", "", "free"],
    [1, "heap", "1", PAGE],
    [2, "heap several", "1+2", `${PAGE}; shared with pid 2`],
    [3, "heap several copied", "1+2", `${PAGE}; shared with pid 2; copied when written`],
    [5, "shared", "", "shared board, page 0; no process uses it"],
    [6, "room", "2", "page 3 of a (pid 2), not used, virtual 0x0c00–0x0fff"],
  ];
  for (const [state, look, label, sentence] of cases) {
    it(`tells ${sentence}`, () => {
      assert.deepEqual(describe(GRID, 17, state), { look, label, sentence: WHERE + sentence });
    });
  }

  it("tells of a page that is marked, though nobody shares it any more", () => {
    const { look, sentence } = describe(GRID, 17, 4);
    assert.equal(look, "heap copied");
    assert.match(sentence, /no process shares it now$/);
  });

  it("tells what the system has", () => {
    const { look, sentence } = describe(GRID, 5, 0);
    assert.deepEqual([look, sentence], ["system", "frame 5 (0x1400–0x17ff): operating system"]);
  });

  it("adds the base where memory is contiguous", () => {
    const { sentence } = describe({ ...GRID, contiguous: true }, 17, 1);
    assert.equal(sentence, `${WHERE}counter (pid 1), heap, virtual 0x1400–0x17ff + base 0x3000`);
  });

  it("tells of slots without addresses", () => {
    const { sentence } = describe({ ...GRID, unit: "slot", reserved: 0 }, 3, 1);
    assert.equal(sentence, `slot 3: ${PAGE}`);
  });
});

group("fit", () => {
  for (const width of [160, 224, 240, 252, 400, 777, 1100, 1600]) {
    it(`cells stay inside ${width} pixels, as large as they can be`, () => {
      for (const count of [1, 4, 8, 40, 64, 100, 256, 512, 1000, 4096]) {
        const { columns, size, gap } = fit(width, count);
        const rows = Math.ceil(count / columns);
        const what = `${count} cells in ${columns} columns of ${size} + ${gap}`;
        assert.ok(columns * size + (columns - 1) * gap <= width, `${what}: not too wide`);
        assert.ok(size >= (width < 240 ? 3 : 4) && size <= 28, what);
        assert.ok(rows * (size + gap) <= (width < 240 ? 700 : 480), `${what}: ${rows} rows`);
        assert.ok(columns === count || columns % 8 === 0, what);
        assert.ok(count > 64 || size >= 18 || width < 240, `${what}: room for a label`);
      }
    });
  }
});

group("shortened", () => {
  const measure = (/** @type {string} */ text) => text.length * 7;

  it("keeps what has room, counts pids that have none, and leaves out the rest", () => {
    const forms = ["1+2", "10+11", "12345"].map((label) => shortened(label, 28, measure));
    assert.deepEqual(forms, ["1+2", "×2", ""]);
    assert.equal(shortened("1+2", 4, measure), "");
  });
});
