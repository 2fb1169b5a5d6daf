/**
 * What changed at the tick that is shown, so that the pictures can mark it.
 */

/** Traits whose change is seen; colours of texts only follow what they say. */
const SEEN = ["text", "x", "y", "fill_colors", "opacities", "cells", "shown"];

/** @typedef {Map<number, Set<number>>} Changes elements by the target that they are in */

/**
 * Which elements of a view changed at the tick that is shown; none at the start.
 * @param {{channels: import("./channels.js").Channel[], header: Header}} scene
 * @param {number} tick to which its channels were moved
 * @returns {Changes}
 */
export function changesOf({ channels, header }, tick) {
  /** @type {Changes} */
  const found = new Map();
  const ties = new Map(header.ties);
  for (const [number, channel] of channels.entries()) {
    const target = ties.get(number) ?? channel.target;
    if (target < 0 || header.timed.includes(target) || !SEEN.includes(channel.trait)) continue;
    const elements = channel.changed(tick);
    if (elements.length > 0) found.set(target, new Set([...(found.get(target) ?? []), ...elements]));
  }
  return found;
}
