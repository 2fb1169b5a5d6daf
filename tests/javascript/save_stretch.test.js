/** Which stretch of a run may be saved, which is offered, and where the run is afterwards. */
import assert from "node:assert/strict";
import { afterEach, before, beforeEach, describe, it, test } from "node:test";

import { objection, offered, SaveStretch } from "../../kit/widgets/static/save_stretch.js";
import { withoutBrowser } from "./elements.js";
import { World } from "./worlds.js";

/** @typedef {import("../../kit/widgets/static/save_picture.js").SavePicture} SavePicture */

test("two ticks that are shown, in their order, are taken", () => {
  assert.equal(objection(10, 60, 80), "");
  assert.equal(objection(0, 119, 500), "");
  assert.match(objection(10, 81, 80), /from 0 to 80, the last one that can be shown now/);
  for (const wrong of [-1, 1.5, Number.NaN]) assert.match(objection(wrong, 20, 80), /from 0 to 80/);
  assert.match(objection(20, 20, 80), /does not come after/);
  assert.match(objection(21, 20, 80), /does not come after/);
});

test("what is too long says how long, and how far it may go", () => {
  assert.equal(
    objection(10, 310, 400),
    "These are 301 ticks; a picture holds 120 of them, here up to tick 129.",
  );
});

test("what is offered leads from here to the end as far as it may, and can be saved", () => {
  assert.deepEqual(offered(10, 80), [10, 80]);
  assert.deepEqual(offered(10, 500), [10, 129]);
  assert.deepEqual(offered(80, 80), [0, 80]);
  assert.deepEqual(offered(500, 500), [381, 500]);
  for (const limit of [1, 2, 119, 120, 121, 1000]) {
    for (const tick of [0, 1, Math.floor(limit / 2), limit - 1, limit]) {
      assert.equal(objection(...offered(tick, limit), limit), "");
    }
  }
});

describe("a stretch that is saved", () => {
  /** @type {World} */
  let world;
  /** @type {SaveStretch} */
  let stretch;
  /** @type {{kept: [string, string][], status: {textContent: string}, scene(): object}} */
  let saving;

  before(withoutBrowser);
  beforeEach(() => {
    world = new World({ title: "counter" });
    const { driver } = world;
    const own = {
      kept: /** @type {[string, string][]} */ ([]),
      driver,
      status: { textContent: "" },
      told: () => ({ title: "counter", words: [`at ${driver.tick}`] }),
      scene: () => ({ drawn: [], width: 40, height: 20 }),
      keep: (/** @type {string} */ file, /** @type {string} */ name) => own.kept.push([file, name]),
      refuse: (/** @type {Error} */ error) => {
        own.status.textContent = error.message;
      },
    };
    saving = own;
    stretch = new SaveStretch(/** @type {SavePicture} */ (/** @type {unknown} */ (own)));
    driver.seek(42);
    [stretch.first.value, stretch.last.value] = ["10", "13"];
    stretch.press();
  });
  afterEach(() => world.restore());

  it("has each of its ticks, and the run is where it was", async () => {
    await world.clock.draw(20);
    const [[file, name]] = saving.kept;
    assert.equal(name, "counter-ticks-10-13.svg");
    const words = [10, 11, 12, 13].map((tick) => `Tick ${tick}: at ${tick}`);
    assert.ok(file.includes(`<desc>${words.join("\n")}</desc>`));
    assert.equal(world.driver.tick, 42);
  });

  it("leaves the run where it was when it is stopped, however often that is pressed", async () => {
    await world.clock.draw(4);
    assert.equal(world.driver.tick, 11);
    stretch.press();
    stretch.press();
    await world.clock.draw(20);
    assert.equal(saving.status.textContent, "Stopped; nothing was saved.");
    assert.deepEqual(saving.kept, []);
    assert.equal(world.driver.tick, 42);
    stretch.press();
    await world.clock.draw(20);
    assert.equal(saving.kept.length, 1);
  });

  it("leaves the run where it was when a tick cannot be drawn", async () => {
    saving.scene = () => {
      throw new Error("no room");
    };
    await world.clock.draw(20);
    assert.equal(saving.status.textContent, "no room");
    assert.equal(world.driver.tick, 42);
  });

  it("leaves the run where somebody has moved it meanwhile", async () => {
    await world.clock.draw(4);
    world.driver.seek(70);
    await world.clock.draw(20);
    assert.deepEqual(saving.kept, []);
    assert.equal(world.driver.tick, 70);
  });

  it("lets the run go on that somebody has played meanwhile", async () => {
    await world.clock.draw(4);
    await world.play();
    await world.clock.draw(20);
    assert.deepEqual(saving.kept, []);
    assert.ok(world.driver.playing);
    assert.ok(world.driver.tick > 11 && world.driver.tick < 42);
  });
});
