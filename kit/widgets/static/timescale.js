/**
 * Which part of a run a timeline shows, and what fits into it.
 *
 * A window is [first, last] in ticks. Pure functions; no widget, no DOM.
 */

/** The fewest ticks that are shown. */
export const LEAST = 8;
const LEAD = 0.08; // share of the window that is left behind when it turns the page
const MOST_WORDS = 400;
const THIN = 3; // pixels; thinner bars are put together
const LINE_APART = 13; // pixels from one line of text to the next
const TEXT_APART = 8; // pixels between two texts in a line

/** @typedef {[number, number]} Span first and last tick */

/**
 * A window of the given length within the run.
 * @param {number} first
 * @param {number} length
 * @param {number} end last tick of the run
 * @returns {Span}
 */
export function within(first, length, end) {
  const shown = Math.min(Math.max(length, Math.min(LEAST, end)), end);
  const start = Math.min(Math.max(first, 0), end - shown);
  return [start, start + shown];
}

/**
 * Show `factor` times as much, with the tick `at` staying where it is.
 * @param {Span} window
 * @param {number} factor
 * @param {number} at
 * @param {number} end
 */
export function zoomed([first, last], factor, at, end) {
  const length = Math.min(Math.max((last - first) * factor, Math.min(LEAST, end)), end);
  const share = (at - first) / (last - first);
  return within(at - share * length, length, end);
}

/**
 * Move by a number of ticks.
 * @param {Span} window
 * @param {number} ticks
 * @param {number} end
 */
export function panned([first, last], ticks, end) {
  return within(first + ticks, last - first, end);
}

/**
 * The window that shows the tick `now`: the same one, or a page further.
 * @param {Span} window
 * @param {number} now
 * @param {number} end
 */
export function following(window, now, end) {
  const [first, last] = window;
  if (now >= first && now <= last) return window;
  return within(now - LEAD * (last - first), last - first, end);
}

/**
 * The whole numbers at which ticks are written, at least `least` apart.
 * @param {Span} window
 * @param {number} least
 */
export function rulerTicks([first, last], least) {
  let step = 1;
  for (let power = 1; step < least; power *= 10) {
    step = [1, 2, 5].map((size) => size * power).find((size) => size >= least) ?? 10 * power;
  }
  const ticks = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** @typedef {[number, number, number]} Bar start, end, look */

/**
 * The bars by lane, in order of time.
 * @param {Float32Array} numbers start, end, lane, look of each
 * @param {number} count of lanes
 */
export function barsByLane(numbers, count) {
  const lanes = Array.from({ length: count }, () => /** @type {Bar[]} */ ([]));
  for (let place = 0; place + 3 < numbers.length; place += 4) {
    const [start, end, lane, look] = numbers.subarray(place, place + 4);
    lanes[lane].push([start, end, look]);
  }
  return lanes;
}

/**
 * Start, end, look, from, to: the last two are the share of the lane's height between which a
 * part of a column stands, or null for a bar.
 * @typedef {[number, number, number, number, number] | [number, number, number, null, null]} Drawn
 */

/** @typedef {{number: number, start: number, end: number, shares: Map<number, number>}} Column */

/**
 * What is drawn of a lane: its bars, and where they are too thin, columns of which each look
 * takes its share.
 * @param {Bar[]} bars in order of time
 * @param {Span} window
 * @param {number} pace pixels a tick
 */
export function drawnBars(bars, [first, last], pace) {
  /** @type {Drawn[]} */
  const drawn = [];
  const size = THIN / pace;
  let column = /** @type {Column | null} */ (null);
  const finish = () => {
    if (column) drawn.push(...parts(column));
    column = null;
  };
  for (let place = firstAfter(bars, first); place < bars.length && bars[place][0] < last; place += 1) {
    const [start, end, look] = bars[place];
    if (end - start >= size) {
      finish();
      drawn.push([start, end, look, null, null]);
      continue;
    }
    // A thin bar may reach from one column into the next.
    for (let begin = start; begin < end; ) {
      const number = Math.floor(begin / size + 1e-9);
      const stop = Math.min(end, (number + 1) * size);
      if (stop <= begin) break;
      if (column?.number !== number) finish();
      column ??= { number, start: begin, end: stop, shares: new Map() };
      column.end = stop;
      column.shares.set(look, (column.shares.get(look) ?? 0) + stop - begin);
      begin = stop;
    }
  }
  finish();
  return drawn;
}

/**
 * The parts of a column, one upon the other in the order of the looks.
 * @param {Column} column
 */
function parts({ start, end, shares }) {
  let from = 0;
  return [...shares]
    .sort(([one], [other]) => one - other)
    .map(([look, ticks]) => {
      const to = Math.min(from + ticks / (end - start), 1);
      /** @type {Drawn} */
      const part = [start, end, look, from, to];
      from = to;
      return part;
    });
}

/**
 * The place of the first bar that ends after a tick.
 * @param {Bar[]} bars
 * @param {number} tick
 */
function firstAfter(bars, tick) {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle][1] <= tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The words that fit on bars.
 * @param {Drawn[]} drawn
 * @param {Span} window
 * @param {number} pace pixels a tick
 * @param {(look: number, pixels: number) => string} fit what is written on a bar of a look
 *   that is so many pixels long; "" for nothing
 * @returns [tick at which the visible part of the bar begins, words, look] each
 */
export function wordsThatFit(drawn, [first, last], pace, fit) {
  /** @type {[number, string, number][]} */
  const found = [];
  for (const [start, end, look, from] of drawn) {
    if (from !== null || found.length >= MOST_WORDS) continue;
    const begin = Math.max(start, first);
    const words = fit(look, (Math.min(end, last) - begin) * pace);
    if (words) found.push([begin, words, look]);
  }
  return found;
}

/**
 * What is written of each note: all of it, its symbol, or nothing where others are too close.
 * @param {ZoomTraits["notes"]} notes in order of time
 * @param {Span} window
 * @param {{pace: number, stop: number, down: boolean}} size of the picture: pixels a tick, the
 *   tick at its edge, whether time runs down
 * @param {(text: string) => number} width pixels a text is wide
 */
export function notesThatFit(notes, [first], { pace, stop, down }, width) {
  const next = new Map();
  const written = notes.map(() => "");
  for (let place = notes.length - 1; place >= 0; place -= 1) {
    const [tick, text, symbol, across, room] = notes[place];
    if (tick < first || tick > stop) continue;
    const free = (Math.min(next.get(across) ?? Infinity, stop) - tick) * pace;
    const fits = down
      ? width(text) <= room && free >= LINE_APART
      : width(text) + TEXT_APART <= Math.min(free, room);
    const small = down ? LINE_APART : width(symbol) + 2;
    if (fits) written[place] = text;
    else if (free >= small || !next.has(across)) written[place] = symbol;
    if (written[place]) next.set(across, tick);
  }
  return written;
}
