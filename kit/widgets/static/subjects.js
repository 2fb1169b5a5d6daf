/**
 * What the pictures are about: the threads, processes, variables and locks that can be pointed at.
 */

import { keysIn } from "./pointed_cells.js";
import { firstOf } from "./steps.js";

/** @typedef {import("./channels.js").Channel} Channel */
/** @typedef {{channels: Channel[], header: Header, targets?: Model[]}} Drawn */

/** Traits whose change is a change of what an element is about. */
const TELLING = ["text", "x", "y", "fill_colors", "opacities", "cells", "shown"];

/**
 * The keys of what an element is about, by the text of its channel.
 * @param {string} text
 * @param {Record<string, string> | undefined} of keys by text; none if the text has the keys
 */
const keysOf = (text, of) => keysIn(of ? of[text] : text);

/**
 * The elements of a view that are about something now, each with its target and the key.
 * @param {Drawn} scene
 * @returns {{key: string, target: number, element: number}[]}
 */
export function aboutNow({ channels, header }) {
  const found = [];
  for (const [number, target, of] of header.about) {
    const channel = channels[number];
    for (let element = 0; element < channel.elements; element += 1) {
      for (const key of keysOf(channel.text(element), of)) found.push({ key, target, element });
    }
  }
  return found;
}

/**
 * What can be pointed at now, by its key, with its name; things still to come are not there yet.
 * @param {Drawn[]} scenes
 * @returns {Map<string, string>}
 */
export function subjectsNow(scenes) {
  const found = new Map();
  for (const scene of scenes) {
    for (const { key } of aboutNow(scene)) found.set(key, scene.header.subjects[key]);
  }
  return found;
}

/**
 * The elements of a view that are about something now, by the target that they are in.
 * @param {Drawn} scene
 * @param {string} wanted the key; none for ""
 * @returns {import("./changes.js").Changes}
 */
export function elementsAbout(scene, wanted) {
  const found = new Map();
  for (const { key, target, element } of aboutNow(scene)) {
    if (key === wanted) found.set(target, (found.get(target) ?? new Set()).add(element));
  }
  return found;
}

/**
 * The tick at which something that can be seen of it changes, before or after a tick.
 * @param {Drawn[]} scenes
 * @param {string} key
 * @param {number} tick
 * @param {1 | -1} way
 * @returns {number | undefined} undefined if there is none
 */
export function changeOf(scenes, key, tick, way) {
  const found = scenes.flatMap(({ channels, header }) =>
    header.about.flatMap(([number, target, of]) => {
      const about = channels[number];
      const ties = header.ties.flatMap(([told, tied]) => (tied === target ? [channels[told]] : []));
      const own = channels.filter((one) => one.target === target && TELLING.includes(one.trait));
      return [about, ...own, ...ties].flatMap(
        (channel) => nextOf(channel, [about, of], key, tick, way) ?? [],
      );
    }),
  );
  return firstOf(found, way);
}

/**
 * @param {Channel} channel
 * @param {[Channel, (Record<string, string>)?]} about what its elements are about
 * @param {string} key
 * @param {number} tick
 * @param {1 | -1} way
 */
function nextOf(channel, [about, of], key, tick, way) {
  const found = [];
  for (let element = 0; element < channel.elements; element += 1) {
    let at = channel.beside(element, tick, way);
    while (at !== undefined && !keysOf(about.textAt(element, at), of).includes(key)) {
      at = channel.beside(element, at, way);
    }
    if (at !== undefined) found.push(at);
  }
  return firstOf(found, way);
}
