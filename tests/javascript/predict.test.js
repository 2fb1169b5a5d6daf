import assert from "node:assert/strict";
import { before, describe, it } from "node:test";

import predict from "../../kit/widgets/static/predict.js";
import { FakeElement, withoutBrowser } from "./elements.js";
import { FakeManager } from "./models.js";

before(withoutBrowser);

/**
 * Choices, of which those that end in "!" are right.
 * @param {string[]} texts
 */
const choices = (...texts) =>
  texts.map((text) => ({
    ...{ text, correct: text.endsWith("!"), feedback: `about ${text}` },
    ...{ misconception: "", idea: "", instead: "", tick: null },
  }));

/** A question with another instance, on a page. */
function shown() {
  const asked = { form: "one", order: [], why: "", tick: 40, at: null };
  const other = {
    ...asked,
    key: "other",
    prompt: "And now?",
    choices: choices("d", "e!", "f"),
    pictured: false,
  };
  const model = new FakeManager().make("question", {
    ...{ ...asked, key: "first", prompt: "What?", choices: choices("a", "b", "c!"), instances: [other] },
    ...{ chosen: [], correct: false, tries: 0, misses: [], unsaved: "", player: null, places: [] },
  });
  const el = new FakeElement("div");
  const { render } = predict();
  render(/** @type {never} */ ({ model, el }));
  const fields = () => el.querySelectorAll("input");
  return {
    model,
    /** The place of the choice that is ticked; -1 for none. */
    ticked: () => fields().findIndex(({ checked }) => checked),
    /** @param {number} place */
    tick(place) {
      for (const field of fields()) field.checked = false;
      fields()[place].press();
    },
    check: () => el.querySelectorAll("button")[0].press(),
    says: (/** @type {string} */ words) => el.textContent.includes(words),
    /** @param {object} traits what Python sends */
    async receive(traits) {
      model.receive(/** @type {never} */ (traits));
      await Promise.resolve();
    },
  };
}

describe("a prediction whose kernel answers late", () => {
  it("leaves what is ticked for the next answer", async () => {
    const page = shown();
    page.tick(0);
    page.check();
    page.tick(1);
    await page.receive({ places: [{ view: "x", boxes: [] }], instances: [] });
    assert.equal(page.ticked(), 1);
    assert.ok(page.says("about a"));
  });

  it("stays at the instance that is asked, with what is ticked there", async () => {
    const page = shown();
    for (const place of [0, 1]) {
      page.tick(place);
      page.check();
    }
    page.tick(2);
    await page.receive({ misses: [[0]], correct: false });
    assert.ok(page.says("And now?"));
    assert.equal(page.ticked(), 2);
    assert.deepEqual(page.model.get("misses"), [[0], [1]]);
    page.check();
    assert.deepEqual(page.model.saved.at(-1), { chosen: [2], misses: [[0], [1], [2]], tries: 3 });
  });

  it("does not take what was right before for the answer that was given since", async () => {
    const page = shown();
    for (const place of [2, 0, 1]) {
      page.tick(place);
      page.check();
    }
    await page.receive({ correct: true });
    assert.equal(page.ticked(), -1);
    assert.equal(page.model.get("correct"), false);
  });

  it("follows Python when it tells of another answer", async () => {
    const page = shown();
    page.tick(0);
    page.check();
    page.tick(1);
    await page.receive({ chosen: [2], tries: 2, correct: true, misses: [] });
    assert.equal(page.ticked(), 2);
    assert.ok(page.says("✓ about c!"));
    await page.receive({ chosen: [], tries: 0, correct: false });
    assert.ok(!page.says("about"));
  });
});
