/** The colours of a program, and finding in it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { foundAt, lineAndColumn } from "../../kit/widgets/static/code_find.js";
import { pieces } from "../../kit/widgets/static/syntax.js";

/** @type {(text: string, language?: string) => string[]} */
const kinds = (text, language = "python") =>
  pieces(text, language).flatMap(([part, kind]) => (kind ? [`${kind} ${part}`] : []));

describe("the pieces of a program", () => {
  const cases = {
    "a function": ["def f(n):", ["keyword def", "name f"]],
    "a call and numbers": ["x = f(0x1F) + 12", ["call f", "number 0x1F", "number 12"]],
    "a name with a digit": ["x1 = y2", []],
    "a comment with a quotation mark": ["x = 1  # isn't", ["number 1", "comment # isn't"]],
    "a sign of a comment in a text": ['print("# no")', ["call print", 'text "# no"']],
    "a text that is not closed": ['a = "open\nb = 1', ['text "open', "number 1"]],
    "a quotation mark that is escaped": ["'it\\'s' if x", ["text 'it\\'s'", "keyword if"]],
    "a text of several lines": ['"""a\nif\n"""\nif', ['text """a\nif\n"""', "keyword if"]],
    "a text of several lines that is not closed": ['"""a\nif', ['text """a\nif']],
    "a keyword in a name": ["iffy = notable", []],
    "letters of other alphabets": ["größe = 1", ["number 1"]],
  };
  for (const [name, [text, wanted]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(kinds(/** @type {string} */ (text)), wanted));
  }

  it("in assembly", () => {
    const text = ".code\ntop:  LOAD r0, [fp-8:i] ; count";
    const wanted = ["keyword .code", "keyword LOAD", "number 8", "comment ; count"];
    assert.deepEqual(kinds(text, "assembly"), wanted);
  });

  it("are together the text, whatever it is", () => {
    const letters = ["a", "1", '"', "'", "#", "\n", "\\", " ", "def", ".", '"""', "😀", ";", "("];
    for (let seed = 0; seed < 400; seed += 1) {
      const text = Array.from({ length: 9 }, (_, n) => letters[(seed * 31 + n * n * 7 + seed * n) % 14]);
      for (const language of ["python", "assembly"]) {
        const whole = pieces(text.join(""), language);
        assert.equal(whole.map(([part]) => part).join(""), text.join(""));
        assert.ok(whole.every(([part]) => part !== ""));
      }
    }
  });
});

describe("finding", () => {
  it("goes round, both ways, and does not mind capitals", () => {
    const text = "Count = 0\ncount += 1";
    assert.equal(foundAt(text, "count", 0, 1), 0);
    assert.equal(foundAt(text, "count", 5, 1), 10);
    assert.equal(foundAt(text, "COUNT", 15, 1), 0);
    assert.equal(foundAt(text, "count", 10, -1), 0);
    assert.equal(foundAt(text, "count", 0, -1), 10);
    assert.equal(foundAt(text, "lock", 0, 1), -1);
    assert.equal(foundAt(text, "", 0, 1), -1);
  });

  it("knows the line and the column, a tab as wide as it is drawn", () => {
    assert.deepEqual(lineAndColumn("a\nbc", 3), { line: 1, column: 1 });
    assert.deepEqual(lineAndColumn("\tx", 1), { line: 0, column: 4 });
    assert.deepEqual(lineAndColumn("ab\tx", 3), { line: 0, column: 4 });
  });
});
