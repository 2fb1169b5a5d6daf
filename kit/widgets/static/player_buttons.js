/**
 * The buttons of a player.
 */
import { make } from "./dom.js";

const ICONS = {
  first: "M4 3h2v10H4zM14 3v10L7 8z",
  back: "M11 3v10L4 8zM12 3h2v10h-2z",
  play: "M4 2v12l10-6z",
  pause: "M4 2h3v12H4zM9 2h3v12H9z",
  forward: "M5 3v10l7-5zM2 3h2v10H2z",
  last: "M10 3h2v10h-2zM2 3v10l7-5z",
  link: "M6.5 9.5l3-3M7 5l2-2a2.8 2.8 0 0 1 4 4l-2 2M9 11l-2 2a2.8 2.8 0 0 1-4-4l2-2",
  fill: "M2 2h5v2H4v3H2zM9 2h5v5h-2V4H9zM2 9h2v3h3v2H2zM12 9h2v5H9v-2h3z",
};

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * @param {keyof typeof ICONS} name
 * @param {string[]} named its label and its keys
 * @param {() => void} onclick
 */
export function button(name, named, onclick) {
  const made = make("button", { type: "button", class: `kit-button kit-${name}`, onclick }, icon(name));
  nameButton(made, named);
  return made;
}

/**
 * Say what a button does, and by which keys.
 * @param {HTMLElement} element
 * @param {string[]} named its label and its keys
 */
export function nameButton(element, [label, keys]) {
  element.setAttribute("aria-label", label);
  element.setAttribute("aria-keyshortcuts", keys);
  element.title = `${label} (${keys})`;
}
