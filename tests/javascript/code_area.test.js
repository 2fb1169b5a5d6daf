import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blanks, moved, newline, shifted } from "../../kit/widgets/static/code_area.js";

/**
 * Text with a caret `|`, or a selection between two: the text and where they stand.
 * @param {string} marked
 * @returns {[string, number, number]}
 */
function at(marked) {
  const start = marked.indexOf("|");
  const end = marked.lastIndexOf("|");
  return [marked.replaceAll("|", ""), start, end > start ? end - 1 : start];
}

/** @type {(marked: string) => [string, number]} */
const placed = (marked) => {
  const [text, caret] = at(marked);
  return [text, caret];
};
const newlineAt = (/** @type {string} */ marked) => newline(...placed(marked));
const blanksAt = (/** @type {string} */ marked) => blanks(...placed(marked));

describe("a new line", () => {
  const cases = {
    "is indented like the line before": ["def f():\n    x = 1|", "\n    "],
    "is deeper behind a colon": ["def f():|", "\n    "],
    "is deeper behind a colon and a comment": ["    while x:  # on|", "\n        "],
    "is not deeper where a colon is not at the end": ["x = a[1:2]|", "\n"],
    "looks only at what is before the caret": ["    if x:| return", "\n        "],
    "in the indentation keeps that much of it": ["  |  x = 1", "\n  "],
    "in an empty text": ["|", "\n"],
  };
  for (const [what, [marked, written]] of Object.entries(cases)) {
    it(what, () => assert.equal(newlineAt(marked), written));
  }
});

describe("lines move right and left", () => {
  const apply = (/** @type {string} */ marked, /** @type {number} */ direction) => {
    const [text, first, last] = at(marked);
    const { from, to, content, start, end } = shifted(text, first, last, direction);
    const result = text.slice(0, from) + content + text.slice(to);
    const marks = start === end ? [start] : [start, end];
    return marks.reduceRight((so, place) => `${so.slice(0, place)}|${so.slice(place)}`, result);
  };

  it("the caret's line, and the caret with it", () => {
    assert.equal(apply("a\nb|c\nd", 1), "a\n    b|c\nd");
    assert.equal(apply("a\n    b|c\nd", -1), "a\nb|c\nd");
  });

  it("every line of a selection, also one that is selected in part", () => {
    assert.equal(apply("a|b\n\ncd|e\nf", 1), "    a|b\n\n    cd|e\nf");
    assert.equal(apply("    a|b\n  c|d", -1), "a|b\nc|d");
  });

  it("not the line whose start the selection has only come to", () => {
    assert.equal(apply("|a\n|b", 1), "    |a\n|b");
  });

  it("no further left than they can", () => {
    assert.equal(apply("a\n  |b", -1), "a\n|b");
    assert.equal(apply("a|b", -1), "a|b");
  });
});

describe("Backspace", () => {
  it("takes the indentation back to a stop", () => {
    assert.equal(blanksAt("        |x"), 4);
    assert.equal(blanksAt("      |x"), 2);
    assert.equal(blanksAt("a\n    |"), 4);
  });

  it("takes one character elsewhere", () => {
    assert.equal(blanksAt("x   |"), 1);
    assert.equal(blanksAt("    x|"), 1);
    assert.equal(blanksAt("|"), 1);
  });
});

describe("a mark stays at its line", () => {
  const before = "one\ntwo\nthree\nfour";

  it("when lines come or go above it", () => {
    assert.equal(moved(3, before, `zero\n${before}`), 4);
    assert.equal(moved(3, before, "two\nthree\nfour"), 2);
    assert.equal(moved(4, before, "one\ntwo\n\n\nthree\nfour"), 6);
  });

  it("when lines come or go below it, or it changes itself", () => {
    assert.equal(moved(2, before, "one\ntwo\nfour"), 2);
    assert.equal(moved(2, before, "one\n2\nthree\nfour"), 2);
    assert.equal(moved(2, before, before), 2);
  });

  it("within the text when its line is gone", () => {
    assert.equal(moved(4, before, "one\ntwo"), 2);
    assert.equal(moved(4, before, ""), 1);
  });

  it("as checked for every line kept by any change of one stretch", () => {
    const lines = ["a", "b", "c", "d", "e"];
    for (let from = 0; from <= 5; from += 1) {
      for (let to = from; to <= 5; to += 1) {
        for (const fresh of [[], ["x"], ["x", "y", "z"]]) {
          const after = [...lines.slice(0, from), ...fresh, ...lines.slice(to)];
          lines.forEach((text, place) => {
            if (!after.includes(text)) return;
            const line = moved(place + 1, lines.join("\n"), after.join("\n"));
            assert.equal(after[line - 1], text, `${after} ${text}`);
          });
        }
      }
    }
  });
});
