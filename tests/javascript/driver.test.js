import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { settled } from "./clock.js";
import { World, counting, naming } from "./worlds.js";

const SECOND = 60; // frames

/** @type {World} */
let world;

/**
 * A world with one view, in which a mark counts the ticks.
 * @param {Partial<PlayerTraits>} traits of the player
 */
async function begin(traits = {}) {
  world = new World(traits);
  await world.show(world.view("view", { marks: { bar: { x: [counting()] } } }));
}

/** Where the picture stands. */
const shown = () => Number(world.marks.bar.get("x")[0]);

/** What Python has been told since the world was made, in all. */
const told = () => world.player.saved;

afterEach(() => world.restore());

describe("playing", () => {
  beforeEach(() => begin());

  it("goes on at its rate times its speed, also when that is changed meanwhile", async () => {
    await world.play();
    await world.clock.draw(SECOND);
    assert.ok(Math.abs(world.driver.tick - 10) < 0.2, `${world.driver.tick}`);
    world.player.set("speed", 4);
    await world.clock.draw(SECOND);
    assert.ok(Math.abs(world.driver.tick - 50) < 0.5, `${world.driver.tick}`);
  });

  it("sends nothing until it stops, and then once where it is", async () => {
    await world.play();
    await world.clock.draw(3 * SECOND);
    assert.ok(shown() >= 29);
    assert.deepEqual(told(), []);
    world.driver.pause();
    await world.clock.pass(1000);
    assert.deepEqual(told(), [{ playing: false, tick: world.driver.tick }]);
    assert.deepEqual(world.player.messages, []);
  });

  it("stops at the end, and begins again from there at the start", async () => {
    await world.play();
    await world.clock.draw(11 * SECOND);
    assert.deepEqual([world.driver.tick, world.driver.playing, shown()], [100, false, 100]);
    assert.equal(world.player.get("playing"), false);
    assert.deepEqual(told(), [{ playing: false, tick: 100 }]);
    await world.play();
    await world.clock.draw();
    assert.ok(world.driver.playing && world.driver.tick < 1);
  });

  it("stops at the end of the tick that is being shown", async () => {
    await world.play();
    await world.clock.draw(2);
    assert.ok(world.driver.tick > 0 && world.driver.tick < 0.5);
    world.driver.pause();
    assert.deepEqual([world.driver.tick, shown()], [1, 1]);
    await world.clock.draw(SECOND);
    assert.equal(shown(), 1);
  });

  it("does not jump ahead when a tab that was hidden is seen again", async () => {
    await world.play();
    await world.clock.draw(1, 60_000);
    assert.ok(world.driver.tick <= 1.01, `${world.driver.tick}`);
    await world.clock.draw(1);
    assert.ok(world.driver.tick <= 1.2, `${world.driver.tick}`);
  });

  it("is not begun twice", async () => {
    await world.play();
    await world.play();
    await world.clock.draw(SECOND);
    assert.ok(Math.abs(world.driver.tick - 10) < 0.2, `${world.driver.tick}`);
    assert.equal(world.clock.frames.size, 1);
  });

  it("is told to the other widgets of the page", async () => {
    const heard = /** @type {boolean[]} */ ([]);
    world.player.on("change:playing", () => heard.push(world.player.get("playing")));
    world.driver.toggle();
    world.driver.toggle();
    await settled();
    assert.deepEqual(heard, [true, false]);
    assert.equal(world.player.get("tick"), world.driver.tick);
  });

  it("may be asked for by Python, and stopped", async () => {
    world.player.receive({ playing: true });
    await world.clock.draw(SECOND);
    assert.ok(world.driver.playing && shown() >= 9);
    world.player.receive({ playing: false });
    await world.clock.pass(1000);
    assert.equal(world.driver.playing, false);
    assert.deepEqual(told(), [{ tick: world.driver.tick }]);
  });
});

describe("moving to another tick", () => {
  beforeEach(() => begin());

  it("is shown at once, and told to Python once things have come to rest", async () => {
    for (let tick = 1; tick <= 90; tick += 1) {
      world.driver.seek(tick);
      assert.equal(shown(), tick);
      await world.clock.draw();
    }
    assert.deepEqual(told(), []);
    await world.clock.pass(250);
    assert.deepEqual(told(), []);
    await world.clock.pass(50);
    assert.deepEqual(told(), [{ tick: 90 }]);
    await world.clock.pass(10_000);
    assert.equal(told().length, 1);
  });

  it("is told to the other widgets of the page at once, but after what is being set just now", async () => {
    world.driver.seek(40);
    assert.equal(world.player.get("tick"), 0);
    await settled();
    assert.equal(world.player.get("tick"), 40);
    assert.deepEqual(told(), []);
  });

  it("is told to nobody when it goes on playing from there", async () => {
    world.driver.seek(40);
    await world.play();
    await world.clock.draw(SECOND);
    assert.ok(world.driver.tick > 49);
    world.driver.seek(5);
    await world.clock.draw(SECOND);
    assert.ok(world.driver.playing && world.driver.tick > 14);
    assert.deepEqual([told(), world.player.get("tick")], [[], 0]);
  });

  it("goes to whole ticks of the run, step by step or far beyond", () => {
    const reached = [3.4, -5, 1000].map((tick) => {
      world.driver.seek(tick);
      return world.driver.tick;
    });
    assert.deepEqual(reached, [3, 0, 100]);
    world.driver.step(-1);
    assert.equal(world.driver.tick, 99);
    world.driver.step(-world.driver.end);
    assert.equal(world.driver.tick, 0);
  });

  it("stops what plays", async () => {
    await world.play();
    await world.clock.draw(SECOND);
    world.driver.step(1);
    const { tick } = world.driver;
    await world.clock.draw(SECOND);
    assert.deepEqual([world.driver.playing, shown()], [false, tick]);
  });
});

describe("a tick that Python sets", () => {
  beforeEach(() => begin());

  it("is shown at once, and not told back", async () => {
    world.player.receive({ tick: 33 });
    assert.equal(shown(), 33);
    await world.clock.pass(1000);
    assert.deepEqual(told(), []);
  });

  it("is where it plays on from, once", async () => {
    await world.play();
    await world.clock.draw(6);
    world.player.receive({ tick: 50 });
    await world.clock.draw(SECOND);
    assert.ok(world.driver.playing && Math.abs(world.driver.tick - 60) < 0.3, `${world.driver.tick}`);
    // What changes besides, such as the speed, does not take it back there.
    world.driver.follow();
    assert.ok(world.driver.tick > 59);
  });
});

describe("a question that is not answered", () => {
  const locks = { locks: { later: 60, first: 20 }, prompts: { first: "Who is next?", later: "And then?" } };

  beforeEach(() => begin(locks));

  it("holds what plays, and is then asked", async () => {
    assert.equal(world.driver.asked, "");
    await world.play();
    await world.clock.draw(4 * SECOND);
    assert.deepEqual([world.driver.playing, world.driver.tick, shown()], [false, 20, 20]);
    assert.equal(world.driver.asked, "Who is next?");
    assert.deepEqual(told(), [{ playing: false, tick: 20 }]);
  });

  it("lets nothing begin where it holds, and tells Python if that has asked", async () => {
    world.driver.seek(20);
    await world.clock.pass(1000);
    world.forget();
    world.driver.toggle();
    await world.clock.draw(SECOND);
    assert.deepEqual(told(), []);
    world.player.receive({ playing: true });
    await world.clock.draw(SECOND);
    assert.deepEqual([world.driver.playing, world.driver.tick], [false, 20]);
    assert.equal(world.player.get("playing"), false);
    assert.deepEqual(told(), [{ playing: false }]);
  });

  it("holds steps, jumps and the way to the end", () => {
    world.driver.seek(99);
    assert.equal(world.driver.tick, 20);
    world.driver.step(1);
    assert.equal(world.driver.tick, 20);
    world.driver.seek(5);
    world.driver.step(world.driver.end);
    assert.deepEqual([world.driver.tick, shown()], [20, 20]);
  });

  it("holds Python, which is told where it is instead", async () => {
    await world.play();
    await world.clock.draw(6);
    world.player.receive({ tick: 80 });
    assert.equal(world.driver.playing, false);
    assert.deepEqual([world.driver.tick, shown()], [20, 20]);
    await world.clock.pass(1000);
    assert.deepEqual(told(), [{ playing: false, tick: 20 }]);
  });

  it("holds a player that is made beyond it", async () => {
    world.restore();
    await begin({ ...locks, tick: 70 });
    assert.deepEqual([world.driver.tick, shown()], [20, 20]);
  });

  it("takes a player back that is beyond it when it is put, and stops it", async () => {
    world.driver.seek(10);
    await world.play();
    await world.clock.draw(30);
    assert.ok(world.driver.tick > 14);
    world.player.receive({ locks: { early: 12 }, prompts: { early: "Why?" } });
    assert.equal(world.driver.playing, false);
    await world.clock.draw(SECOND);
    assert.deepEqual([world.driver.playing, world.driver.tick, shown()], [false, 12, 12]);
    assert.equal(world.driver.asked, "Why?");
    assert.deepEqual(told(), [{ playing: false, tick: 12 }]);
  });

  it("takes a player back that stands beyond it when it is put", () => {
    world.driver.seek(15);
    world.player.receive({ locks: { early: 12 } });
    assert.deepEqual([world.driver.tick, shown()], [12, 12]);
  });

  it("does not disturb a player that is before it when it is put", async () => {
    await world.play();
    await world.clock.draw(SECOND);
    world.player.receive({ locks: { early: 12 } });
    assert.ok(world.driver.playing);
    await world.clock.draw(SECOND);
    assert.deepEqual([world.driver.playing, world.driver.tick], [false, 12]);
  });

  it("lets go on to the next one when it is answered", async () => {
    world.driver.seek(99);
    world.player.set("locks", { later: 60 });
    assert.equal(world.driver.asked, "");
    world.driver.seek(99);
    assert.equal(world.driver.tick, 60);
    assert.equal(world.driver.asked, "And then?");
    world.player.set("locks", {});
    await world.play();
    await world.clock.draw(5 * SECOND);
    assert.deepEqual([world.driver.tick, world.driver.asked], [100, ""]);
  });
});

describe("a player whose kernel is gone", () => {
  beforeEach(() => begin());

  it("says so, plays on, and tells nobody", async () => {
    let heard = 0;
    world.driver.listeners.add(() => {
      heard += 1;
    });
    world.driver.seek(5);
    world.driver.lose();
    assert.match(world.driver.problem, /run its cell again/);
    assert.ok(heard >= 2);
    await world.clock.pass(1000);
    await world.play();
    await world.clock.draw(SECOND);
    assert.ok(shown() >= 14);
    world.driver.pause();
    world.driver.seek(3);
    await world.clock.pass(1000);
    assert.equal(shown(), 3);
    assert.deepEqual(told(), []);
  });

  it("still says so when its views are fetched again", async () => {
    world.driver.lose();
    await world.driver.load();
    assert.match(world.driver.problem, /run its cell again/);
  });

  it("says no good-bye", () => {
    world.driver.lose();
    world.driver.release();
    world.driver.leave();
    assert.deepEqual(world.player.messages, []);
  });
});

describe("a player whose cell was run again", () => {
  beforeEach(() => begin());

  it("says that it may go when nobody shows it", () => {
    world.driver.release();
    assert.deepEqual(world.player.messages, [{ gone: true }]);
  });

  it("stays as long as somebody shows it", () => {
    const listener = () => {};
    world.driver.listeners.add(listener);
    world.driver.release();
    assert.deepEqual(world.player.messages, []);
    world.driver.listeners.delete(listener);
    world.driver.leave();
    assert.deepEqual(world.player.messages, [{ gone: true }]);
  });

  it("only stops when nobody shows it, if its cell was not run again", async () => {
    await world.play();
    world.driver.leave();
    assert.equal(world.driver.playing, false);
    assert.deepEqual(world.player.messages, []);
  });
});

describe("less motion", () => {
  it("lets things jump from tick to tick, but for the time itself", async () => {
    world = new World();
    world.driver.motion = /** @type {MediaQueryList} */ ({ matches: true });
    /** @type {import("./packing.js").Key[]} */
    const glide = [
      [-1, [0], 0],
      [10, [100], 10],
    ];
    const soft = world.view("soft", { marks: { token: { x: [glide] } } });
    const steady = world.view("steady", { marks: { playhead: { x: [glide] } }, steady: true });
    await world.show(soft, steady);
    await world.play();
    await world.clock.draw(33);
    assert.ok(world.driver.tick > 5 && world.driver.tick < 6);
    assert.deepEqual(world.marks.token.get("x"), Float64Array.of(0));
    assert.deepEqual(world.marks.playhead.get("x"), Float64Array.of(50));
    await world.clock.draw(30);
    assert.deepEqual(world.marks.token.get("x"), Float64Array.of(100));
  });
});

describe("what is said", () => {
  it("is the sentence of the narration at the tick that is shown", async () => {
    world = new World();
    await world.show(world.view("Narration", { marks: { told: { text: [naming()] } } }));
    world.driver.seek(7);
    assert.equal(world.driver.sentence(), "tick 7");
    assert.deepEqual(world.driver.details(), []);
  });

  it("has its details one by one", async () => {
    world = new World();
    /** @type {import("./packing.js").Key[]} */
    const details = [
      [0, "a\nb", 0],
      [5, "", 0],
    ];
    const marks = { told: { text: [naming()], more: [details] } };
    await world.show(world.view("Narration", { marks }));
    assert.deepEqual(world.driver.details(), ["a", "b"]);
    world.driver.seek(5);
    assert.deepEqual(world.driver.details(), []);
  });

  it("is nothing before there is a narration", async () => {
    await begin();
    assert.equal(world.driver.sentence(), "");
  });
});

describe("steps that mean something", () => {
  /** @type {(ticks: number[]) => import("./packing.js").Key[]} */
  const at = (ticks) => [
    [-1, [0], 0],
    ...ticks.map((tick, place) => /** @type {import("./packing.js").Key} */ ([tick, [place + 1], 0])),
  ];
  /** @type {import("./packing.js").Key[]} */
  const running = [
    [-1, [-1], 0],
    [2, [0], 0],
    [50, [1], 0],
  ];

  /** @param {Partial<PlayerTraits>} traits */
  async function beginTold(traits = {}) {
    world = new World(traits);
    const told = {
      text: [naming()],
      events: [at([10, 20, 90])],
      lines: [at([5, 30]), at([60, 70])],
      running: [running],
    };
    await world.show(world.view("Narration", { marks: { told } }));
  }

  /** @param {import("../../kit/widgets/static/steps.js").Unit} unit @param {1 | -1} way @param {number} count */
  function steps(unit, way, count) {
    return Array.from({ length: count }, () => {
      world.driver.stepBy(unit, way);
      return world.driver.tick;
    });
  }

  it("lead from event to event, and to the ends of the run beyond the last", async () => {
    await beginTold();
    assert.deepEqual(steps("event", 1, 5), [10, 20, 90, 100, 100]);
    assert.deepEqual(steps("event", -1, 5), [90, 20, 10, 0, 0]);
    assert.deepEqual(steps("tick", 1, 2), [1, 2]);
  });

  it("lead from line to line of the thread that runs, or of any while none does", async () => {
    await beginTold();
    assert.deepEqual(steps("line", 1, 2), [5, 30]);
    world.driver.seek(50);
    assert.deepEqual(steps("line", 1, 3), [60, 70, 100]);
    assert.deepEqual(steps("line", -1, 2), [70, 60]);
  });

  it("go no further than a question that is not answered", async () => {
    await beginTold({ locks: { early: 15 }, prompts: { early: "Why?" } });
    assert.deepEqual(steps("event", 1, 2), [10, 15]);
  });

  it("lead to the ends where nothing is known of lines", async () => {
    await begin();
    assert.deepEqual([...steps("line", 1, 1), ...steps("event", -1, 1)], [100, 0]);
  });
});
