/** A player with views, all of fake models, for the tests of the driver. */
import { Driver } from "../../kit/widgets/static/driver.js";
import { Clock, settled } from "./clock.js";
import { FakeManager } from "./models.js";
import { pack } from "./packing.js";

/** @typedef {import("./packing.js").Key} Key */
/** @typedef {import("./models.js").FakeModel<MarkTraits>} Mark */
/** @typedef {import("./models.js").FakeModel<TracksTraits>} Tracks */

/**
 * What a view shows: by mark and trait the keys of each element.
 * @typedef {object} Shown
 * @property {string} [title]
 * @property {Record<string, Record<string, Key[][]>>} marks those named label… are labels; what
 *   is "told" is no mark, and what is "about" no trait
 * @property {[number, number[]][]} [births]
 * @property {number[]} [timed]
 * @property {[number, number][]} [ties]
 * @property {Record<string, string>} [subjects]
 * @property {boolean} [steady]
 * @property {Sentence[]} [twin]
 */

export class World {
  /** @param {Partial<PlayerTraits>} traits of the player */
  constructor(traits = {}) {
    this.clock = new Clock();
    this.manager = new FakeManager();
    this.player = this.manager.make("player", {
      tick: 0,
      end: 100,
      playing: false,
      speed: 1,
      ticks_per_second: 10,
      title: "",
      subtitle: "",
      locks: {},
      prompts: {},
      links: {},
      tracks: /** @type {Reference[]} */ ([]),
      ...traits,
    });
    /** @type {Record<string, Mark>} */
    this.marks = {};
    /** @type {Record<string, Tracks>} */
    this.tracks = {};
    this.driver = new Driver(this.player);
    this.connect();
  }

  /** Listen as `player.js` does. */
  connect() {
    const { driver, player } = this;
    player.on("change:locks", () => driver.relock());
    player.on("change:tick", () => driver.follow());
    player.on("change:tracks", () => driver.load());
    player.on("change:playing", () => {
      const wanted = player.get("playing");
      if (wanted && !driver.playing) driver.play();
      else if (!wanted && driver.playing) driver.pause();
    });
  }

  /**
   * Make the models of a view.
   * @param {string} name
   * @param {Shown} shown
   */
  view(name, shown) {
    const marks = Object.keys(shown.marks).filter((mark) => mark !== "told");
    for (const mark of marks) {
      const _model_name = mark.startsWith("label") ? "LabelModel" : "RectsModel";
      const max = this.manager.make(`${mark} scale`, { max: 600 });
      /** @type {MarkTraits} */
      const traits = { _model_name, text: [], opacities: [], scales: { x: max, y: max }, x: [], y: [] };
      this.marks[mark] ??= this.manager.make(mark, traits);
    }
    /** @type {Reference[]} */
    const targets = marks.map((mark) => referenceTo(mark));
    this.tracks[name] = this.manager.make(name, { ...packed(name, shown), targets, figure: null });
    return referenceTo(name);
  }

  /**
   * Let the player show views.
   * @param {...Reference} tracks
   */
  async show(...tracks) {
    this.player.traits.tracks = tracks;
    await this.driver.load();
    await this.clock.draw();
    this.forget();
  }

  /** Forget what was set and told so far. */
  forget() {
    for (const model of this.manager.models.values()) {
      model.sets = [];
      model.saved = [];
      model.messages = [];
    }
  }

  /** How many listen to a view, to find out whether another run is shown. */
  listeners(/** @type {string} */ name) {
    return this.tracks[name].heard.filter(([event]) => event === "change:data").length;
  }

  async play() {
    this.driver.play();
    await settled();
  }

  restore() {
    this.clock.restore();
  }
}

/** @type {(id: string) => Reference} */
export const referenceTo = (id) => `IPY_MODEL_${id}`;

/** Keys of one element that counts the ticks, one after the other, up to `end`. */
export function counting(end = 100, first = 0) {
  /** @type {Key[]} */
  const keys = [[-1, [first], 0]];
  for (let tick = 1; tick <= end; tick += 1) keys.push([tick, [first + tick], 0]);
  return keys;
}

/** The same in words: "first 0", "first 1" … */
export function naming(word = "tick", end = 100) {
  return counting(end).map(([tick, value]) => /** @type {Key} */ ([tick, `${word} ${value[0]}`, 0]));
}

/**
 * What Python sends of a view.
 * @param {string} name
 * @param {Shown} shown
 */
export function packed(name, { title = name, marks, steady = false, ...rest }) {
  const { births = [], twin = [], timed = [], ties = [], subjects = {} } = rest;
  const channels = Object.entries(marks).flatMap(([mark, traits], place) =>
    Object.entries(traits).map(([trait, elements]) =>
      pack(elements, { trait, target: mark === "told" || trait === "about" ? -1 : place, steady }),
    ),
  );
  const traits = Object.values(marks).flatMap((one, place) =>
    Object.keys(one).map((trait) => ({ trait, place })),
  );
  const about = traits.flatMap(({ trait, place }, number) =>
    trait === "about" ? [/** @type {[number, number]} */ ([number, place])] : [],
  );
  const bytes = Uint8Array.from(channels.flatMap(([, part]) => part));
  /** @type {Header} */
  const header = {
    title,
    width: 600,
    twin,
    timed,
    ties,
    births,
    about,
    subjects,
    channels: channels.map(([one]) => one),
  };
  return { header, data: new DataView(bytes.buffer) };
}
