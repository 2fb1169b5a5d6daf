/**
 * The shown part of a timeline: sets the scale of time of a bqplot figure, draws the bars, and
 * chooses which ticks, words and notes fit; the kernel hears nothing of it.
 */
import {
  barsByLane,
  drawnBars,
  following,
  notesThatFit,
  panned,
  rulerTicks,
  within,
  wordsThatFit,
  zoomed,
} from "./timescale.js";

const GRACE = 3000; // ms after a gesture during which a playing timeline stays where it is
const FONT = '12px system-ui, "Liberation Sans", Arial, sans-serif';
const TICKS_APART = { x: 70, y: 36 };
const WIDEST_NOTE = 190;
const NOTE_ROOM = 12; // pixels before and behind a note
const NOTE_INSET = 4;
const WORD_INSET = 5;
const LINE = 16;
const TALL = 14; // pixels; lower lanes carry no words
const BATCH = 60; // bars in one path: few, because the browser paints again every path it touches

const MARKS = /** @type {const} */ (["scale", "plain", "bars", "states", "ruler", "writing"]);

/** @typedef {import("./timescale.js").Span} Span */
/** @typedef {import("./timescale.js").Drawn} Drawn */
/** @typedef {(tick: number) => number} Pixel where a tick stands */
/** @typedef {[number, number, number, number]} Box along and across: left, right, top, bottom */
/** @typedef {[number, number, string, string?]} Written pixels along time, place across, text, ink */

const ruler = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
/** @type {Map<string, number>} */
const widths = new Map();

/**
 * Pixels a text is wide.
 * @param {string} text
 */
function width(text) {
  const known = widths.get(text);
  if (known !== undefined) return known;
  ruler.font = FONT;
  const measured = ruler.measureText(text).width;
  widths.set(text, measured);
  return measured;
}

/** The shown part of one timeline; however often it is on the page, it is the same part. */
export class Lens {
  /** @param {Model<ZoomTraits>} model */
  constructor(model) {
    this.model = model;
    /** @type {Set<{measure(): void, update(): void, explain(): void, point(): void}>} */
    this.views = new Set();
    /** @type {Partial<Record<typeof MARKS[number], Model | null>>} */
    this.marks = {};
    /** @type {import("./timescale.js").Bar[][]} */
    this.bars = [];
    this.dense = false;
    this.size = { along: 0, across: 0 };
    /** @type {number | null} */
    this.now = null;
    this.held = 0;
    this.frame = 0;
    this.turn = 0;
  }

  get down() {
    return this.model.get("down");
  }

  get end() {
    return this.model.get("end");
  }

  get window() {
    const [first = 0, last = this.end] = this.model.get("window");
    return within(first, last - first, this.end);
  }

  /**
   * Show another part; where the playhead is not in it, a person wants to look elsewhere.
   * @param {Span} window
   */
  show(window) {
    const now = this.now ?? 0;
    const away = now < window[0] || now > window[1];
    this.held = away ? performance.now() + GRACE : 0;
    const whole = window[0] <= 0 && window[1] >= this.end;
    this.model.set("window", whole ? [] : window);
    this.schedule();
  }

  /**
   * @param {number} factor
   * @param {number | null} at the tick that stays where it is; the playhead's if it is left out
   */
  zoom(factor, at = null) {
    const [first, last] = this.window;
    const { now } = this;
    const middle = now !== null && now >= first && now <= last ? now : (first + last) / 2;
    this.show(zoomed([first, last], factor, at ?? middle, this.end));
  }

  /** @param {number} share of what is shown */
  pan(share) {
    const [first, last] = this.window;
    this.show(panned([first, last], share * (last - first), this.end));
  }

  /** Fetch the models of what it works on. */
  async load() {
    this.turn += 1;
    const turn = this.turn;
    const manager = this.model.widget_manager;
    const found = await Promise.all(
      MARKS.map((name) => {
        const reference = this.model.get(name);
        return reference ? manager.get_model(reference.slice("IPY_MODEL_".length)) : null;
      }),
    );
    if (turn !== this.turn) return;
    this.marks = Object.fromEntries(MARKS.map((name, place) => [name, found[place]]));
    const { buffer, byteOffset, byteLength } = this.model.get("boxes");
    const numbers = new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
    this.bars = barsByLane(numbers, this.model.get("lanes").length);
    this.layout();
  }

  /** The player has moved. */
  follow() {
    const [now] = this.model.get("now");
    if (now === this.now) return;
    const first = this.now === null;
    this.now = now;
    // A step or a jump is followed at once; only playing leaves a person time to look elsewhere.
    const free = Number.isInteger(now) || performance.now() > this.held;
    const turned = following(this.window, now, this.end);
    if (!first && free && turned[0] !== this.window[0]) {
      this.show(turned);
      this.layout();
    }
    for (const view of this.views) view.point();
  }

  /** @param {{along: number, across: number}} size of time and across it, in pixels of the page */
  resize(size) {
    this.size = size;
    this.layout();
  }

  schedule() {
    this.frame ||= requestAnimationFrame(() => this.layout());
  }

  /**
   * Pixels behind the last tick: enough for what is written at the end of the run.
   * @param {number} along pixels of the figure
   */
  behind(along) {
    const least = this.model.get("behind");
    if (this.down) return least;
    const pace = (along - this.model.get("start") - least) / this.end;
    const needed = this.model
      .get("notes")
      .map(([tick, text]) => width(text) + NOTE_ROOM - (this.end - tick) * pace);
    return Math.min(Math.max(least, ...needed), WIDEST_NOTE);
  }

  /** Where time stands: pixels of the first tick, pixels a tick. */
  get place() {
    const [first, last] = this.window;
    const { along } = this.size;
    const start = this.model.get("start");
    const after = this.behind(along) + this.model.get("below");
    return { start, after, pace: Math.max(along - start - after, 1) / (last - first) };
  }

  layout() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { scale, plain } = this.marks;
    if (!this.size.along || !scale) return;
    const [first, last] = this.window;
    const { start, after, pace } = this.place;
    // Names and ticks keep their size in pixels, whatever the page is wide.
    if (!this.down) plain?.set("max", this.size.along);
    scale.set({ min: first - start / pace, max: last + after / pace });
    const stop = last + (this.down ? this.model.get("behind") : after) / pace;
    const drawn = this.bars.map((bars) => drawnBars(bars, [first, stop], pace));
    this.dense = drawn.some((bars) => bars.some(([, , , from]) => from !== null));
    /** @type {Pixel} */
    const pixel = (tick) => start + (tick - first) * pace;
    this.drawBars(drawn, (tick) => pixel(Math.min(Math.max(tick, first), stop)));
    this.write(this.marks.states, this.words(drawn, [first, stop], pace, pixel));
    this.write(this.marks.ruler, this.ticks(pace, pixel));
    this.writeNotes(pace);
    for (const view of this.views) view.update();
  }

  /**
   * Draw bars, many of one look as one path.
   * @param {Drawn[][]} drawn by lane
   * @param {Pixel} pixel
   */
  drawBars(drawn, pixel) {
    const looks = this.model.get("looks");
    const lanes = this.model.get("lanes");
    /** @type {Map<string, Box[]>} */
    const batches = new Map();
    /** @type {(fill: string, stroke: string, ...box: Box) => void} */
    const add = (fill, stroke, ...box) => {
      const key = `${fill} ${stroke}`;
      const boxes = batches.get(key) ?? [];
      boxes.push(box);
      batches.set(key, boxes);
    };
    drawn.forEach((bars, lane) => {
      const [begin, stop] = lanes[lane];
      const size = stop - begin;
      for (const [start, end, place, from, to] of bars) {
        const { fill, stroke, inset, dark } = looks[place];
        const [left, right] = [pixel(start), pixel(end)];
        // The shares of a column stand on the far side of the lane.
        if (from !== null) add(fill, "none", left, right, stop - to * size, stop - from * size);
        else add(fill, stroke, left, right, begin + inset * size, stop - inset * size);
        if (from !== null || !dark) continue;
        for (const stripe of [1, 3, 5]) {
          const middle = begin + (stripe * size) / 6;
          add(dark, "none", left, right, middle - size / 18, middle + size / 18);
        }
      }
    });
    /** @type {{along: Float64Array[], across: Float64Array[], fills: string[], strokes: string[]}} */
    const { along, across, fills, strokes } = { along: [], across: [], fills: [], strokes: [] };
    for (const [key, boxes] of batches) {
      const [fill, stroke] = key.split(" ");
      for (let place = 0; place < boxes.length; place += BATCH) {
        const part = boxes.slice(place, place + BATCH);
        along.push(outline(part, ([left, right]) => [left, right, right, left, left]));
        across.push(outline(part, ([, , top, bottom]) => [top, top, bottom, bottom, top]));
        fills.push(fill);
        strokes.push(stroke);
      }
    }
    const ones = fills.map(() => 1);
    const [x, y] = this.down ? [across, along] : [along, across];
    const state = { x, y, fill_colors: fills, colors: strokes, opacities: ones };
    this.marks.bars?.set({ ...state, fill_opacities: ones, labels: fills.map(() => "") });
  }

  /**
   * @param {number} pace
   * @param {Pixel} pixel
   * @returns {Written[]}
   */
  ticks(pace, pixel) {
    const across = Number(this.marks.ruler?.get(this.down ? "x" : "y")[0] ?? 0);
    const apart = TICKS_APART[this.down ? "y" : "x"] / pace;
    return rulerTicks(this.window, apart).map((tick) => [pixel(tick), across, String(tick)]);
  }

  /**
   * @param {Drawn[][]} drawn by lane
   * @param {Span} window
   * @param {number} pace
   * @param {Pixel} pixel
   * @returns {Written[]}
   */
  words(drawn, window, pace, pixel) {
    const looks = this.model.get("looks");
    const ratio = this.down ? this.size.across / this.model.get("across") : 1;
    const inset = this.down ? LINE / 2 + 1 : WORD_INSET;
    return this.model.get("lanes").flatMap(([begin, stop], lane) => {
      const size = (stop - begin) * ratio;
      if (size < TALL) return [];
      const fit = (/** @type {number} */ look, /** @type {number} */ pixels) => {
        const room = this.down ? (pixels < LINE ? 0 : size - 4) : pixels - 2 * WORD_INSET;
        const { text } = looks[look];
        const [, short = ""] = text.match(/ (T\d+)$/) ?? [];
        return [text, short].find((words) => words && width(words) <= room) ?? "";
      };
      const place = (begin + stop) / 2;
      return wordsThatFit(drawn[lane], window, pace, fit).map(
        ([tick, words, look]) =>
          /** @type {Written} */ ([pixel(tick) + inset, place, words, looks[look].ink]),
      );
    });
  }

  /**
   * Let a mark write texts.
   * @param {Model | null | undefined} mark
   * @param {Written[]} texts
   */
  write(mark, texts) {
    const along = Float64Array.from(texts, ([pixels]) => pixels);
    const across = Float64Array.from(texts, ([, place]) => place);
    const [x, y] = this.down ? [across, along] : [along, across];
    const inks = texts.flatMap(([, , , ink]) => ink ?? []);
    mark?.set({ text: texts.map(([, , text]) => text), x, y, ...(inks.length ? { colors: inks } : {}) });
  }

  /** @param {number} pace */
  writeNotes(pace) {
    const mark = this.marks.writing;
    if (!mark) return;
    const notes = this.model.get("notes");
    const { down } = this;
    const stop = this.window[1] + this.place.after / pace;
    const ratio = down ? this.size.across / this.model.get("across") : 1;
    /** @type {typeof notes} */
    const scaled = notes.map(([tick, text, symbol, across, room]) => [
      tick,
      text,
      symbol,
      across,
      room * ratio,
    ]);
    const text = notesThatFit(scaled, this.window, { pace, stop, down }, width);
    const inset = (down ? LINE / 2 + 1 : NOTE_INSET) / pace;
    const along = Float64Array.from(notes, ([tick]) => tick + inset);
    mark.set({ text, [down ? "y" : "x"]: along });
  }

  dispose() {
    cancelAnimationFrame(this.frame);
    this.turn += 1;
  }
}

/**
 * The corners of some boxes, one behind the other; bqplot lifts the pen where there is no number.
 * @param {Box[]} boxes
 * @param {(box: Box) => number[]} corners
 */
function outline(boxes, corners) {
  return Float64Array.from(boxes.flatMap((box) => [...corners(box), NaN]).slice(0, -1));
}
