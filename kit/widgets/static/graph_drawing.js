/**
 * A graph of states as SVG: where everything is, and what says by its shape what it is.
 */
const ALONG = 46; // pixels from layer to layer
const ACROSS = 30; // from state to state in a layer
const RADIUS = 8;
const EDGE = 30; // free room around it
const MOST = 1.25; // times that a small graph is enlarged
const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element of SVG.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
export function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * @typedef {object} Plan where states are drawn
 * @property {boolean} down whether steps lead down, and not to the right
 * @property {[number, number][]} points
 * @property {number} width
 * @property {number} height
 * @property {number} scale at which it fits
 */

/**
 * Lay a graph out to the right or down, whichever can be read better in a room.
 * @param {[number, number][]} places layer, and how far from the middle
 * @param {{width: number, height: number}} room
 * @returns {Plan}
 */
export function planOf(places, room) {
  const along = Math.max(...places.map(([layer]) => layer));
  const across = Math.max(...places.map(([, place]) => Math.abs(place)));
  const [long, wide] = [along * ALONG + 2 * EDGE, 2 * across * ACROSS + 2 * EDGE];
  const fits = (/** @type {number} */ width, /** @type {number} */ height) =>
    Math.min(MOST, room.width / width, room.height / height);
  const down = fits(wide, long) > fits(long, wide);
  const [width, height] = down ? [wide, long] : [long, wide];
  return {
    down,
    width,
    height,
    scale: fits(width, height),
    points: places.map(([layer, place]) => {
      const [x, y] = [EDGE + layer * ALONG, EDGE + (across + place) * ACROSS];
      return down ? [y, x] : [x, y];
    }),
  };
}

/**
 * The line of a step, from rim to rim; one that does not lead to the next layer is bent.
 * @param {Plan} plan
 * @param {number} source
 * @param {number} target
 * @param {boolean} bent
 */
export function lineOf(plan, source, target, bent) {
  const [x, y] = plan.points[source] ?? [0, 0];
  const [u, v] = plan.points[target] ?? [0, 0];
  const length = Math.hypot(u - x, v - y);
  if (!length) {
    return `M${x - 4} ${y - RADIUS}C${x - 22} ${y - 30} ${x + 22} ${y - 30} ${x + 5} ${y - RADIUS - 2}`;
  }
  const [a, b] = [(u - x) / length, (v - y) / length];
  const from = `M${round(x + a * RADIUS)} ${round(y + b * RADIUS)}`;
  const to = `${round(u - a * (RADIUS + 3))} ${round(v - b * (RADIUS + 3))}`;
  if (!bent) return `${from}L${to}`;
  const bow = Math.min(60, length / 3);
  return `${from}Q${round((x + u) / 2 - b * bow)} ${round((y + v) / 2 + a * bow)} ${to}`;
}

/** @param {number} number */
const round = (number) => Math.round(number * 10) / 10;

/**
 * A state: ends have other shapes than what goes on, and bad ones others than good ones.
 * @param {[number, number]} point
 * @param {{kind: "start" | "open" | "late" | "end" | "good" | "bad", text?: string}} shown
 */
export function stateOf([x, y], { kind, text = "" }) {
  const group = drawn("g", { class: `kit-node kit-${kind}`, transform: `translate(${x} ${y})` });
  if (kind === "good" || kind === "end") {
    group.append(drawn("rect", { x: -13, y: -11, width: 26, height: 22, rx: 4 }));
  } else if (kind === "bad") group.append(drawn("path", { d: "M-18 0L0-15L18 0L0 15Z" }));
  else if (kind === "start") group.append(drawn("path", { d: "M-8-10L11 0L-8 10Z" }));
  else group.append(drawn("circle", { r: RADIUS }));
  if (text) group.append(drawn("text", { y: 4 }, text));
  return group;
}
