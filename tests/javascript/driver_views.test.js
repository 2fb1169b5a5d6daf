import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";

import { settled } from "./clock.js";
import { World, counting, naming, packed, referenceTo } from "./worlds.js";

/** @type {World} */
let world;

beforeEach(() => {
  world = new World();
});
afterEach(() => world.restore());

const xOf = (/** @type {string} */ mark) => Number(world.marks[mark].get("x")[0]);
const textOf = (/** @type {string} */ mark) => world.marks[mark].get("text");

/** One view, whose mark counts the ticks from a number on. */
const countFrom = (first = 0) => ({ marks: { bar: { x: [counting(100, first)] } } });

describe("the models of views", () => {
  it("are told what has changed and nothing else, once a model and frame", async () => {
    const moving = { x: [counting()], y: [counting()], width: [counting(0)] };
    const slow = { x: [counting(0).concat([[50, [1], 0]])] };
    await world.show(world.view("view", { marks: { moving, slow, quiet: { x: [counting(0)] } } }));
    const { moving: lively, slow: late, quiet } = world.marks;
    world.driver.seek(1);
    assert.deepEqual(
      lively.sets.map((patch) => Object.keys(patch)),
      [["x", "y"]],
    );
    await world.play();
    await world.clock.draw(60);
    assert.ok(lively.sets.length <= 12, "once a tick, though it is drawn more often");
    assert.deepEqual([late.sets, quiet.sets], [[], []]);
    world.driver.seek(60);
    assert.equal(late.sets.length, 1);
    assert.deepEqual([...lively.saved, ...late.saved, ...quiet.saved], [], "Python hears nothing of it");
  });

  it("are fetched once, whatever else comes and goes", async () => {
    const [one, other] = ["one", "other"].map((name) => world.view(name, countFrom()));
    await world.show(one);
    await world.show(one, other);
    await world.show(other, one);
    assert.equal(world.manager.asked.filter((id) => id === "one").length, 1);
    assert.deepEqual([world.listeners("one"), world.listeners("other")], [1, 1]);
  });

  it("are let go when a view goes", async () => {
    const kept = world.view("kept", countFrom());
    const gone = world.view("gone", { marks: { token: { x: [counting()] } } });
    await world.show(kept, gone);
    await world.show(kept);
    world.driver.seek(30);
    assert.deepEqual([xOf("bar"), xOf("token")], [30, 0]);
    assert.deepEqual([world.listeners("kept"), world.listeners("gone")], [1, 0]);
  });

  it("may be missing: the other views are shown, and that one is spoken of", async () => {
    const warn = mock.method(console, "warn", () => {});
    const whole = world.view("whole", countFrom());
    world.view("broken", { marks: { lost: { x: [counting()] } } });
    world.manager.models.delete("lost");
    await world.show(referenceTo("broken"), whole);
    world.driver.seek(12);
    assert.equal(xOf("bar"), 12);
    assert.match(world.driver.problem, /incomplete/);
    assert.equal(world.listeners("broken"), 0);
    assert.equal(warn.mock.callCount(), 1);
    await world.show(whole);
    assert.equal(world.driver.problem, "");
  });

  it("are left alone once the player is disposed of", async () => {
    let heard = 0;
    world.driver.listeners.add(() => {
      heard += 1;
    });
    await world.show(world.view("view", countFrom()));
    await world.play();
    world.driver.step(5);
    world.driver.play();
    world.driver.pause();
    world.driver.dispose();
    world.forget();
    heard = 0;
    await world.clock.draw(60);
    world.tracks.view.receive(packed("view", countFrom(500)));
    await world.clock.draw();
    world.driver.draw();
    assert.deepEqual([world.marks.bar.sets, world.player.saved, heard], [[], [], 0]);
    assert.equal(world.listeners("view"), 0);
  });
});

describe("two calls of load at once", () => {
  it("leave what the later one wants, though the earlier one is ready last", async () => {
    const [old, now] = [
      world.view("old", { marks: { token: { x: [counting()] } } }),
      world.view("now", countFrom()),
    ];
    const wait = world.manager.hold("old");
    world.player.set("tracks", [old]);
    world.player.set("tracks", [now]);
    await settled();
    wait.come();
    await settled();
    world.driver.seek(9);
    assert.deepEqual([xOf("bar"), world.marks.token.sets], [9, []]);
    assert.deepEqual(
      world.driver.scenes.map(({ title }) => title),
      ["now"],
    );
    assert.deepEqual([world.listeners("old"), world.listeners("now")], [0, 1]);
  });

  it("leave a view alone that is already shown, and that both want", async () => {
    const shown = world.view("shown", countFrom());
    await world.show(shown);
    const wait = world.manager.hold("late");
    world.player.set("tracks", [shown, world.view("late", { marks: {} })]);
    world.player.set("tracks", [shown]);
    wait.come();
    await settled();
    world.tracks.shown.receive(packed("shown", countFrom(500)));
    await settled();
    assert.deepEqual([xOf("bar"), world.listeners("shown")], [500, 1]);
  });

  it("keep one of a view that both want", async () => {
    const view = world.view("view", countFrom());
    const wait = world.manager.hold("view");
    world.player.set("tracks", [view]);
    world.driver.load();
    wait.come();
    await settled();
    assert.deepEqual([world.driver.scenes.length, world.listeners("view")], [1, 1]);
  });

  it("let a failure of the earlier one pass", async () => {
    const warn = mock.method(console, "warn", () => {});
    const [old, now] = [world.view("old", countFrom()), world.view("now", countFrom())];
    const wait = world.manager.hold("old");
    world.player.set("tracks", [old]);
    world.player.set("tracks", [now]);
    await settled();
    wait.fail(new Error("gone"));
    await settled();
    assert.equal(world.driver.problem, "");
    assert.equal(warn.mock.callCount(), 0);
  });
});

describe("a view that shows another run", () => {
  it("goes on in it while it plays, at the tick where it is", async () => {
    await world.show(world.view("view", countFrom()));
    await world.play();
    await world.clock.draw(60);
    world.tracks.view.receive(packed("view", countFrom(500)));
    await world.clock.draw();
    assert.ok(world.driver.playing && Math.abs(xOf("bar") - 509) <= 1, `${xOf("bar")}`);
    await world.clock.draw(60);
    assert.ok(Math.abs(xOf("bar") - 519) <= 1, `${xOf("bar")}`);
    assert.deepEqual([world.listeners("view"), world.driver.scenes.length], [1, 1]);
  });

  it("does so as often as it comes", async () => {
    await world.show(world.view("view", countFrom()));
    for (const first of [100, 200, 300]) {
      world.tracks.view.receive(packed("view", countFrom(first)));
      await settled();
      assert.equal(xOf("bar"), first);
    }
    assert.equal(world.listeners("view"), 1);
  });

  it("does so also where the run changes while its models are still being fetched", async () => {
    const view = world.view("view", countFrom());
    const wait = world.manager.hold("bar");
    world.player.set("tracks", [view]);
    await settled();
    world.tracks.view.receive(packed("view", { marks: { bar: { y: [counting(100, 500)] } } }));
    wait.come();
    await settled();
    world.driver.seek(7);
    assert.equal(Number(world.marks.bar.get("y")[0]), 507);
    assert.equal(world.listeners("view"), 1);
  });
});

describe("labels", () => {
  const both = { bar: { x: [counting()] }, label: { text: [naming()], x: [counting()] } };
  const label = () => [xOf("label"), ...textOf("label")];

  beforeEach(() => world.show(world.view("view", { marks: both })));

  it("are set a frame after the lines, which bqplot draws a frame late", async () => {
    world.driver.seek(5);
    assert.deepEqual([xOf("bar"), ...label()], [5, 0, "tick 0"]);
    await world.clock.draw();
    assert.deepEqual(label(), [5, "tick 5"]);
    world.driver.draw();
    await world.clock.draw();
    assert.equal(world.marks.label.sets.length, 1);
  });

  it("are a frame behind while it plays, and never more", async () => {
    world.player.set("ticks_per_second", 60);
    await world.play();
    let before = 0;
    for (let frame = 0; frame < 30; frame += 1) {
      await world.clock.draw();
      assert.equal(xOf("label"), before);
      before = xOf("bar");
    }
    assert.ok(before >= 28);
  });

  it("come also when it is stopped in that very frame", async () => {
    await world.play();
    await world.clock.draw(60);
    world.driver.pause();
    await world.clock.draw();
    assert.deepEqual([xOf("bar"), ...label()], [10, 10, "tick 10"]);
  });

  it("keep what was due from several moves within a frame, the last of each", async () => {
    const [x, text] = [{ x: [counting()] }, { text: [naming("word")] }];
    await world.show(
      world.view("place", { marks: { "label one": x } }),
      world.view("words", { marks: { "label one": text } }),
    );
    for (const tick of [1, 2, 3]) world.driver.seek(tick);
    assert.equal(world.clock.frames.size, 1);
    await world.clock.draw();
    assert.deepEqual([xOf("label one"), ...textOf("label one")], [3, "word 3"]);
  });

  it("are not lost when the player is disposed of", async () => {
    world.driver.seek(8);
    world.driver.dispose();
    await world.clock.draw();
    assert.deepEqual(label(), [8, "tick 8"]);
  });

  it("are not lost when another run is shown at once", async () => {
    world.driver.seek(8);
    world.tracks.view.receive(packed("view", { marks: { bar: both.bar } }));
    await world.clock.draw();
    assert.deepEqual(label(), [8, "tick 8"]);
  });
});

describe("while a question holds the run, what is not born", () => {
  const births = /** @type {[number, number[]][]} */ ([
    [0, [0, 10, 30]],
    [1, [0, 10, 30]],
  ]);
  const marks = { lane: { x: [counting()] }, "label names": { y: [counting(0)] } };
  const lane = () => world.marks.lane.get("opacities");
  const names = () => textOf("label names");

  beforeEach(async () => {
    const view = world.view("view", { marks, births });
    world.marks["label names"].traits.text = ["T1", "T2", "T3"];
    world.player.traits.locks = { key: 20 };
    await world.show(view);
  });

  it("has neither name nor lane, until it is born", async () => {
    assert.deepEqual(
      [names(), lane()],
      [
        ["T1", "", ""],
        [1, 0, 0],
      ],
    );
    world.driver.seek(10);
    assert.deepEqual(
      [names(), lane()],
      [
        ["T1", "T2", ""],
        [1, 1, 0],
      ],
    );
    world.driver.seek(0);
    assert.deepEqual(
      [names(), lane()],
      [
        ["T1", "", ""],
        [1, 0, 0],
      ],
    );
    await world.play();
    await world.clock.draw(90);
    assert.deepEqual(
      [names(), lane()],
      [
        ["T1", "T2", ""],
        [1, 1, 0],
      ],
    );
  });

  it("is there again when the question is answered, and stays", () => {
    world.player.receive({ locks: {} });
    assert.deepEqual(
      [names(), lane()],
      [
        ["T1", "T2", "T3"],
        [1, 1, 1],
      ],
    );
    world.forget();
    world.driver.seek(3);
    assert.deepEqual(world.marks["label names"].sets, []);
  });

  it("has the names that Python has given it meanwhile", () => {
    world.marks["label names"].receive({ text: ["A", "B", "C"] });
    world.driver.seek(10);
    assert.deepEqual(names(), ["A", "B", ""]);
    world.player.receive({ locks: {} });
    assert.deepEqual(names(), ["A", "B", "C"]);
  });

  it("is hidden again in another run, by when it is born there", async () => {
    const later = /** @type {[number, number[]][]} */ ([[1, [0, 5, 30]]]);
    world.tracks.view.receive(packed("view", { marks, births: later }));
    await settled();
    assert.deepEqual(lane(), [1, 1, 1], "the other run says nothing of lanes");
    world.driver.seek(5);
    assert.deepEqual(names(), ["T1", "T2", ""]);
  });
});

describe("what changed at the tick that is shown", () => {
  /** @type {import("./packing.js").Key[][]} */
  const changing = [
    [
      [-1, "1", 0],
      [5, "2", 0],
    ],
    [
      [-1, "a", 0],
      [5, "b", 0],
      [6, "c", 0],
    ],
  ];
  const changed = (/** @type {string} */ mark) => world.marks[mark].get("changed");

  it("is told to a table as the cells that it marks, at each tick once", async () => {
    const view = world.view("view", { marks: { table: { cells: changing } } });
    world.marks.table.traits.changed = [];
    await world.show(view);
    world.driver.seek(5);
    assert.deepEqual(changed("table"), [0, 1]);
    world.driver.seek(6);
    assert.deepEqual(changed("table"), [1]);
    world.driver.seek(60);
    assert.deepEqual(changed("table"), []);
    world.driver.seek(5);
    assert.deepEqual(changed("table"), [0, 1]);
    assert.deepEqual(world.marks.table.saved, []);
  });

  it("is known of every view, but for what shows time itself; what is only told may mark another", async () => {
    const marks = { names: { text: [[...changing[0]].slice(0, 1)] }, playhead: { x: [counting()] } };
    const told = { told: { text: changing } };
    const shown = { marks: { ...marks, ...told }, timed: [1] };
    const ties = /** @type {[number, number][]} */ ([[2, 0]]);
    await world.show(world.view("view", { ...shown, ties }));
    world.driver.seek(6);
    const [scene] = world.driver.scenes;
    assert.deepEqual([...scene.changes], [[0, new Set([1])]]);
    world.driver.seek(7);
    assert.deepEqual([...scene.changes], []);
  });
});
