/**
 * Channels: step functions over ticks, decoded from the buffers of `kit.tracks`.
 *
 * A channel drives one trait of one widget model. For each element it holds keys
 * (tick, value, glide): the value holds from its tick on, and during `glide` ticks
 * before it moves there from the value before. Pure functions; no widget, no DOM.
 */

const ALIGNMENT = 4;

/**
 * Ease in and out: slow, fast, slow.
 * @param {number} share
 */
export function soften(share) {
  return share * share * (3 - 2 * share);
}

export class Channel {
  /**
   * @param {ChannelHeader} header what `Channel.packed` wrote
   * @param {DataView} data the view's whole buffer
   * @param {number} start byte at which this channel's arrays begin
   */
  constructor(header, data, start) {
    this.trait = header.trait;
    this.target = header.target;
    this.elements = header.elements;
    this.texts = header.texts ?? null;
    this.width = header.width ?? 1;
    this.spread = header.spread;
    this.steady = header.steady;
    const reader = new Reader(data, start);
    this.starts = reader.take(Uint32Array, header.elements + 1);
    this.ticks = reader.take(Float32Array, header.keys);
    const count = header.keys * this.width;
    this.values = this.texts ? reader.take(Uint32Array, count) : reader.take(Float32Array, count);
    this.glides = header.glides ? reader.take(Float32Array, header.keys) : null;
    this.end = reader.place;
    this.keys = Uint32Array.from(this.starts.subarray(0, this.elements));
    this.now = new Float64Array(this.elements * this.width).fill(NaN);
    this.seen = false;
    /** @type {number[]} */
    this.moving = [];
    for (let element = 0; element < this.elements; element += 1) {
      if (this.starts[element + 1] - this.starts[element] > 1) this.moving.push(element);
    }
  }

  /**
   * Move to a tick; whole or, while playing, between two.
   * @param {number} tick
   * @param {boolean} still jump instead of gliding, for people who asked for less motion;
   *   what moves steadily shows the time itself, and stands where it is at `tick`
   * @returns {boolean} whether any value changed
   */
  seek(tick, still) {
    let changed = false;
    // Elements that never change are looked at once.
    const count = this.seen ? this.moving.length : this.elements;
    for (let place = 0; place < count; place += 1) {
      const element = this.seen ? this.moving[place] : place;
      const key = this.find(element, tick);
      const share = still && !this.steady ? 0 : this.share(element, key, tick);
      for (let part = 0; part < this.width; part += 1) {
        const from = this.values[key * this.width + part];
        const value = share === 0 ? from : from + (this.values[(key + 1) * this.width + part] - from) * share;
        const slot = element * this.width + part;
        if (value !== this.now[slot]) {
          this.now[slot] = value;
          changed = true;
        }
      }
    }
    this.seen = true;
    return changed;
  }

  /**
   * The key in force at a tick; starts from the last one found, playing goes forward.
   * @param {number} element
   * @param {number} tick
   */
  find(element, tick) {
    const first = this.starts[element];
    const last = this.starts[element + 1] - 1;
    let key = this.keys[element];
    if (this.ticks[key] > tick && key > first) key = this.search(first, key, tick);
    else if (key < last && this.ticks[key + 1] <= tick) key = this.search(key, last, tick);
    this.keys[element] = key;
    return key;
  }

  /**
   * Binary search: the last key between two whose tick is not after `tick`.
   * @param {number} low
   * @param {number} high
   * @param {number} tick
   */
  search(low, high, tick) {
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.ticks[middle] <= tick) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * How far the glide from `key` to the next one has come: 0 to 1.
   * @param {number} element
   * @param {number} key
   * @param {number} tick
   */
  share(element, key, tick) {
    if (this.glides === null || key + 1 >= this.starts[element + 1]) return 0;
    const glide = this.glides[key + 1];
    const begin = this.ticks[key + 1] - glide;
    if (glide === 0 || tick <= begin) return 0;
    const share = (tick - begin) / glide;
    return this.steady ? share : soften(share);
  }

  /**
   * The text of an element at any tick, wherever the channel is.
   * @param {number} element
   * @param {number} tick
   */
  textAt(element, tick) {
    const [first, last] = [this.starts[element], this.starts[element + 1] - 1];
    return this.texts?.[this.values[this.search(first, last, tick)]] ?? "";
  }

  /**
   * The tick of the change of an element before or after a tick; undefined if there is none.
   * @param {number} element
   * @param {number} tick
   * @param {1 | -1} way
   */
  beside(element, tick, way) {
    const first = this.starts[element];
    const last = this.starts[element + 1] - 1;
    const key = this.search(first, last, tick);
    if (way > 0) return key < last ? this.ticks[key + 1] : undefined;
    const before = this.ticks[key] < tick ? key : key - 1;
    return before > first ? this.ticks[before] : undefined;
  }

  /**
   * The elements that became what they are at the tick to which it was moved, after the start.
   * @param {number} tick
   */
  changed(tick) {
    const before = Math.floor(tick) - 1;
    return this.moving.filter((element) => {
      const key = this.keys[element];
      return key > this.starts[element] && this.ticks[key] > Math.max(before, 0);
    });
  }

  /**
   * The text of one element; "" of a channel of numbers.
   * @param {number} element
   */
  text(element) {
    return this.texts?.[this.now[element]] ?? "";
  }

  /** The trait as the widget model takes it. */
  value() {
    const { texts, spread } = this;
    if (texts) return Array.from(this.now, (place) => texts[place]);
    if (spread === null) return Float64Array.from(this.now);
    const rows = [];
    for (let element = 0; element < this.elements; element += 1) {
      const start = element * this.width;
      rows.push(Float64Array.from(spread, (place) => this.now[start + place]));
    }
    return rows;
  }
}

class Reader {
  /**
   * @param {DataView} data
   * @param {number} place byte at which to begin
   */
  constructor(data, place) {
    this.data = data;
    this.place = place;
  }

  /**
   * @template {Uint32Array | Float32Array} Numbers
   * @param {new (buffer: ArrayBufferLike) => Numbers} Type
   * @param {number} length how many numbers
   */
  take(Type, length) {
    const bytes = length * ALIGNMENT;
    const start = this.data.byteOffset + this.place;
    // A copy, because a buffer from the wire need not be aligned.
    const copy = this.data.buffer.slice(start, start + bytes);
    this.place += bytes;
    return new Type(copy);
  }
}

/**
 * Put parts of a sentence together; one that ends in a colon leads in the next.
 * @param {string[]} parts
 */
function join(parts) {
  return parts.reduce((told, part) => `${told}${/[:;]$/.test(told) ? " " : " · "}${part}`);
}

/**
 * All channels of one view, in the order of its header.
 * @param {Pick<Header, "channels">} header
 * @param {DataView} data
 */
export function decode(header, data) {
  let place = 0;
  return header.channels.map((description) => {
    const channel = new Channel(description, data, place);
    place = channel.end;
    return channel;
  });
}

/**
 * Say in words what a picture shows now.
 * @param {Sentence} sentence
 * @param {Channel[]} channels
 */
export function tell(sentence, channels) {
  const parts = sentence.map((part) => (typeof part === "string" ? part : channels[part[0]].text(part[1])));
  const said = parts.filter((part) => part !== "");
  const fixed = sentence.filter((part) => typeof part === "string").length;
  return said.length > fixed || fixed === sentence.length ? join(said) : "";
}
