import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { feedbackTo, isRight, moved, rightPlaces } from "../../kit/widgets/static/evaluation.js";

/**
 * Choices called a, b, c …; a right one ends in "!", one with an idea is [text, idea].
 * @param {PredictTraits["form"]} form
 * @param {(string | [string, string])[]} choices
 * @param {Partial<PredictTraits>} more
 */
function asked(form, choices, more = {}) {
  /** @type {Choice[]} */
  const made = choices.map((one) => {
    const [text, misconception = ""] = typeof one === "string" ? [one] : one;
    const idea = misconception && `it is ${misconception}`;
    const correct = text.endsWith("!");
    return { text, correct, feedback: `about ${text}`, misconception, idea, instead: "", tick: null };
  });
  const { order = [] } = more;
  return { form, choices: made, order, why: "", tick: 40 };
}

describe("an answer", () => {
  it("of one is right if it is the right one", () => {
    const question = asked("one", ["a", "b!", "c"]);
    assert.deepEqual(
      [[0], [1], [2], []].map((chosen) => isRight(question, chosen)),
      [false, true, false, false],
    );
  });

  it("of several is right if it is all of them and nothing else, in whatever order", () => {
    const question = asked("several", ["a!", "b", "c!"]);
    const answers = [[0, 2], [2, 0], [0], [0, 1, 2], [1]];
    assert.deepEqual(
      answers.map((chosen) => isRight(question, chosen)),
      [true, true, false, false, false],
    );
  });

  it("of more than ten choices is sorted by number", () => {
    const question = asked("several", [..."abcdefghij"].map((text) => `${text}!`).concat("k!", "l"));
    assert.ok(isRight(question, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]));
  });

  it("of an order is right in that order alone", () => {
    const question = asked("order", ["a!", "b!", "c!"], { order: [2, 0, 1] });
    assert.deepEqual(rightPlaces(question), [2, 0, 1]);
    assert.ok(isRight(question, [2, 0, 1]));
    assert.ok(!isRight(question, [0, 1, 2]));
  });
});

describe("feedback", () => {
  it("tells why a right answer is right", () => {
    const question = asked("several", ["a!", "b", "c!"]);
    assert.equal(feedbackTo(question, [0, 2]).text, "about a!");
    assert.equal(feedbackTo({ ...question, why: "so" }, [0, 2]).text, "so");
  });

  it("tells an idea that has a name rather than what is just wrong", () => {
    const question = asked("several", ["a!", "b", ["c", "own"], "d!"]);
    assert.equal(feedbackTo(question, [1, 2]).idea, "it is own");
    assert.equal(feedbackTo(question, [1]).text, "about b");
    assert.equal(feedbackTo(question, [0]).text, "about d!");
  });

  it("of an order tells of the first that stands wrong", () => {
    const question = asked("order", ["a!", "b!", "c!"], { order: [2, 0, 1] });
    assert.equal(feedbackTo(question, [2, 1, 0]).text, "about a!");
  });

  it("goes to the moment of the wrong choice, also if that is tick 0", () => {
    const question = asked("one", ["a!", "b", "c"]);
    question.choices[1].tick = 0;
    const ticks = [[0], [1], [2]].map((chosen) => feedbackTo(question, chosen).tick);
    assert.deepEqual(ticks, [40, 0, 40]);
  });
});

describe("moving an item", () => {
  it("changes places with its neighbour, and stops at both ends", () => {
    const list = [5, 6, 7];
    assert.deepEqual(moved(list, 1, -1), [6, 5, 7]);
    assert.deepEqual(moved(list, 1, 1), [5, 7, 6]);
    assert.deepEqual([moved(list, 0, -1), moved(list, 2, 1)], [list, list]);
    assert.deepEqual(list, [5, 6, 7]);
  });
});
