/**
 * A stretch of a run that plays in an SVG: all that it draws is there, each seen in its time.
 */
import { closed } from "./svg_file.js";

/** @typedef {import("./svg_file.js").Drawn} Drawn */
/** @typedef {[number, number][]} Seen between which moments, by their place, something is seen */

const REST = 6; // moments for which the last one stays before it begins again

/** Something that is drawn at some moments. */
class Part {
  /** @type {Seen} */
  seen = [];
  inside = new Layer();

  /** @param {Drawn} drawn */
  constructor({ tag, head, text }) {
    this.tag = tag;
    this.head = head;
    this.text = text;
  }

  /** @param {Drawn} drawn */
  is({ head, text }) {
    return head === this.head && text === this.text;
  }

  /** @param {number} place of a moment, one after the other */
  see(place) {
    const last = this.seen.at(-1);
    if (last && last[1] === place) last[1] = place + 1;
    else this.seen.push([place, place + 1]);
  }
}

/** What is drawn in one element at all moments, in an order in which each of them is drawn. */
class Layer {
  /** @type {Part[]} */
  parts = [];
  /** Those of the last moment. @type {Part[]} */
  last = [];

  /**
   * Take what is drawn at one more moment.
   * @param {Drawn[]} drawn
   * @param {number} place of the moment
   */
  take(drawn, place) {
    const stayed = pairs(this.last, drawn);
    const places = [...stayed.keys()].sort((one, other) => other - one);
    let next = 0; // where the next one may stand
    this.last = drawn.map((one, index) => {
      const same = stayed.get(index);
      if (same) places.pop();
      const following = stayed.get(places.at(-1) ?? -1);
      const at = same ? this.parts.indexOf(same, next) : this.placeOf(one, next, following);
      const part = this.parts[at];
      next = at + 1;
      part.see(place);
      part.inside.take(one.inside, place);
      return part;
    });
  }

  /**
   * Where something that was not there at the last moment stands, or will: between its neighbours.
   * @param {Drawn} one
   * @param {number} from
   * @param {Part | undefined} before
   */
  placeOf(one, from, before) {
    const end = before ? this.parts.indexOf(before, from) : this.parts.length;
    const found = this.parts.slice(from, end).findIndex((part) => part.is(one));
    if (found >= 0) return from + found;
    this.parts.splice(from, 0, new Part(one));
    return from;
  }
}

/**
 * What stays the same from moment to moment, by its place in what is drawn now: the longest list of
 * parts that is in both.
 * @param {Part[]} before
 * @param {Drawn[]} now
 * @returns {Map<number, Part>}
 */
function pairs(before, now) {
  const found = new Map();
  let start = 0;
  while (start < Math.min(before.length, now.length) && before[start].is(now[start])) {
    found.set(start, before[start]);
    start += 1;
  }
  let [end, stop] = [before.length, now.length];
  while (Math.min(end, stop) > start && before[end - 1].is(now[stop - 1])) {
    [end, stop] = [end - 1, stop - 1];
    found.set(stop, before[end]);
  }
  // How long the list is that is left from each pair of places on.
  const wide = stop - start + 1;
  const left = new Uint32Array((end - start + 1) * wide);
  /** @type {(one: number, other: number) => number} */
  const at = (one, other) => (one - start) * wide + other - start;
  for (let one = end - 1; one >= start; one -= 1) {
    for (let other = stop - 1; other >= start; other -= 1) {
      left[at(one, other)] = before[one].is(now[other])
        ? left[at(one + 1, other + 1)] + 1
        : Math.max(left[at(one + 1, other)], left[at(one, other + 1)]);
    }
  }
  let [one, other] = [start, start];
  while (one < end && other < stop) {
    if (before[one].is(now[other])) {
      found.set(other, before[one]);
      [one, other] = [one + 1, other + 1];
    } else if (left[at(one + 1, other)] >= left[at(one, other + 1)]) one += 1;
    else other += 1;
  }
  return found;
}

/** Moments of a run, one after the other, as one picture. */
export class Stretch {
  layer = new Layer();
  count = 0;
  /** Names of classes. @type {Map<string, {name: string, seen: Seen}>} */
  names = new Map();

  /** @param {Drawn[]} drawn what the next moment shows */
  take(drawn) {
    this.layer.take(drawn, this.count);
    this.count += 1;
  }

  /**
   * What is in the picture. Who has asked for less motion sees the first moment, as do programs
   * that cannot play it.
   * @param {number} seconds for which a moment is seen
   */
  content(seconds) {
    const drawn = this.write(this.layer, JSON.stringify([[0, this.count]]));
    const length = this.count + REST;
    const common =
      `[class^=kit-s]{animation:${(length * seconds).toFixed(3)}s step-end infinite}` +
      "@media (prefers-reduced-motion: reduce){[class^=kit-s]{animation:none !important}}";
    const rules = [...this.names.values()].map(({ name, seen }) => ruleOf(name, seen, this.count));
    return `<style>${common}${rules.join("")}</style>${drawn}`;
  }

  /**
   * @param {Layer} layer
   * @param {string} always when that in which it is drawn is seen
   * @returns {string}
   */
  write(layer, always) {
    return layer.parts
      .map(({ tag, head, text, seen, inside }) => {
        const when = JSON.stringify(seen);
        const content = text + this.write(inside, when);
        return closed(tag, when === always ? head : head + this.timed(seen, when), content);
      })
      .join("");
  }

  /**
   * @param {Seen} seen
   * @param {string} when
   */
  timed(seen, when) {
    const { name } = this.names.get(when) ?? { name: `kit-s${this.names.size}` };
    this.names.set(when, { name, seen });
    return ` class="${name}"${seen[0][0] === 0 ? "" : ' visibility="hidden"'}`;
  }
}

/**
 * When something is seen, as a style sheet says it; the last moment stays.
 * @param {string} name
 * @param {Seen} seen
 * @param {number} count of moments
 */
function ruleOf(name, seen, count) {
  /** @type {Map<number, string>} */
  const turns = new Map([[0, "hidden"]]);
  for (const [begin, end] of seen) {
    turns.set(begin, "visible");
    if (end < count) turns.set(end, "hidden");
  }
  const share = (/** @type {number} */ place) => Number(((100 * place) / (count + REST)).toPrecision(5));
  const keys = [...turns].map(([place, look]) => `${share(place)}%{visibility:${look}}`);
  return `.${name}{animation-name:${name}}@keyframes ${name}{${keys.join("")}}`;
}
