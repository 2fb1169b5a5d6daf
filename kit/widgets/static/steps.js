/**
 * Steps that mean something: to the next tick, event of the system, or source line of a thread.
 */

/** @typedef {import("./channels.js").Channel} Channel */
/** @typedef {"tick" | "event" | "line" | "change"} Unit */

/** What a step can be, with the names and keys of both directions. */
export const STEPS = {
  tick: { back: ["One tick back", "ArrowLeft"], forward: ["One tick on", "ArrowRight"] },
  event: { back: ["Previous event", "Shift+ArrowLeft"], forward: ["Next event", "Shift+ArrowRight"] },
  line: { back: ["Previous source line", ","], forward: ["Next source line", "."] },
  change: {
    back: ["Previous change of what is pointed at", "p"],
    forward: ["Next change of what is pointed at", "n"],
  },
};

/**
 * The first of some ticks on the way; undefined if there are none.
 * @param {number[]} ticks
 * @param {1 | -1} way
 */
export function firstOf(ticks, way) {
  if (ticks.length === 0) return undefined;
  return way > 0 ? Math.min(...ticks) : Math.max(...ticks);
}

/**
 * The tick of a change before or after a tick, of any of some elements; undefined if there is none.
 * @param {Channel} channel
 * @param {number[]} elements
 * @param {number} tick
 * @param {1 | -1} way
 */
function nearest(channel, elements, tick, way) {
  return firstOf(
    elements.flatMap((element) => channel.beside(element, tick, way) ?? []),
    way,
  );
}

/**
 * The threads whose lines count: those that run, else all.
 * @param {Channel[]} channels of the narration
 * @param {Channel} lines
 */
function threadsOf(channels, lines) {
  const running = channels.find(({ trait }) => trait === "running");
  const all = Array.from({ length: lines.elements }, (_, element) => element);
  // The first core leads, as in the narration.
  const [first] = Array.from(running?.now ?? []).filter((thread) => thread >= 0);
  return first === undefined ? all : [first];
}

/**
 * Where a step leads. After the last line of a thread, to the next one of any; after the last
 * change of all, to the end of the run, and before the first to its start.
 * @param {Channel[]} channels of the narration
 * @param {Unit} unit
 * @param {number} tick where it begins
 * @param {1 | -1} way
 * @returns {number}
 */
export function stepFrom(channels, unit, tick, way) {
  if (unit === "tick") return tick + way;
  const channel = channels.find(({ trait }) => trait === (unit === "event" ? "events" : "lines"));
  const beyond = way > 0 ? Infinity : 0;
  if (!channel) return beyond;
  const elements = unit === "event" ? [0] : threadsOf(channels, channel);
  const all = Array.from({ length: channel.elements }, (_, element) => element);
  // Where a thread has no line any more, or had none before, others have.
  return nearest(channel, elements, tick, way) ?? nearest(channel, all, tick, way) ?? beyond;
}
