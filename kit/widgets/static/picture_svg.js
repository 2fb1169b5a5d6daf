/**
 * What is drawn on the page as one SVG that stands alone: boxes, texts, and the figures of bqplot.
 */
import { readDrawn } from "./svg_file.js";

const NS = "http://www.w3.org/2000/svg";
const BASELINE = 0.35; // of the size of the letters: how far below the middle of a line they stand
const TRIANGLE = Math.SQRT2; // a gradient across a corner ends so much farther along the edges
const STRIPES = [0.4, 0.7, 1]; // shares of a cell at which its hatching meets the edges

/** What only people at the page need, and what moves over the pictures. */
const LEFT_OUT = [
  ...[
    "button:not(.kit-fold)",
    "input",
    "select",
    "textarea",
    "script",
    "style",
    ".kit-changes",
    ".kit-pointer",
  ],
  ...[".kit-spoken", ".kit-track", ".kit-shown", ".kit-frames > .kit-told", ".kit-branching", ".kit-ruler"],
].join(", ");

/** Looks of a figure's elements that its style sheets give them. */
const LOOKS = [
  ...["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray"],
  ...["stroke-linejoin", "opacity", "font-size", "font-weight", "text-anchor", "dominant-baseline"],
];
const GEOMETRY = [
  "d",
  "x",
  "y",
  "dx",
  "dy",
  "width",
  "height",
  "transform",
  "x1",
  "x2",
  "y1",
  "y2",
  "r",
  "cx",
  "cy",
];

/** @typedef {import("./svg_file.js").Drawn} Drawn */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {(x: number, y: number) => [number, number]} Place from the window to the picture */

/**
 * @param {string} tag
 * @param {Record<string, string | number | null>} attributes those that are null are left out
 * @param {...(Node | string)} children
 */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) continue;
    element.setAttribute(name, typeof value === "number" ? String(Number(value.toFixed(2))) : value);
  }
  element.append(...children);
  return element;
}

/** @param {string} color as computed */
const unseen = (color) => color === "transparent" || /, 0\)$/.test(color);

/** @param {CSSStyleDeclaration} style */
const family = (style) =>
  /mono|menlo|consolas|courier/i.test(style.fontFamily)
    ? "'Liberation Mono', Menlo, Consolas, monospace"
    : "Arial, Helvetica, 'Liberation Sans', sans-serif";

/** One picture that is being drawn. */
class Sheet {
  /**
   * @param {Place} place
   * @param {number} zoom of the page by its style sheet
   */
  constructor(place, zoom) {
    this.place = place;
    this.zoom = zoom;
  }

  /**
   * @param {Box} box in the window
   * @returns {{x: number, y: number, width: number, height: number}}
   */
  put({ left, top, width, height }) {
    const [x, y] = this.place(left, top);
    return { x, y, width: width / this.zoom, height: height / this.zoom };
  }

  /**
   * All that is seen of an element.
   * @param {Element} element
   * @returns {Element[]}
   */
  element(element) {
    if (element.matches(LEFT_OUT)) return [];
    const style = getComputedStyle(element);
    if (style.display === "none" || style.opacity === "0" || style.visibility === "hidden") return [];
    if (element instanceof SVGElement) return this.figure(element);
    const inside = this.children(element).flatMap((child) =>
      child instanceof Element ? this.element(child) : this.text(/** @type {Text} */ (child), style),
    );
    const ground = this.ground(element, style);
    return [...ground, ...this.clipped(element, style, inside)];
  }

  /**
   * The heading of a table comes last, since it stays in sight above what scrolls.
   * @param {Element} element
   */
  children(element) {
    const all = [...element.childNodes].filter((node) => node instanceof Element || node instanceof Text);
    if (element.tagName !== "TABLE") return all;
    return all.sort((one, other) => Number(one.nodeName === "THEAD") - Number(other.nodeName === "THEAD"));
  }

  /**
   * What scrolls is cut off where it is on the page.
   * @param {Element} element
   * @param {CSSStyleDeclaration} style
   * @param {Element[]} inside
   */
  clipped(element, style, inside) {
    const scrolls = element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
    if (style.overflow === "visible" || !scrolls || inside.length === 0) return inside;
    const { x, y, width, height } = this.put(element.getBoundingClientRect());
    return [draw("svg", { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}` }, ...inside)];
  }

  /**
   * The ground and the edges of an element.
   * @param {Element} element
   * @param {CSSStyleDeclaration} style
   */
  ground(element, style) {
    const box = this.put(element.getBoundingClientRect());
    const { x, y, width, height } = box;
    if (width <= 0 || height <= 0) return [];
    const found = [];
    const rx = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, width / 2) || null;
    const color = style.backgroundColor;
    if (!unseen(color)) found.push(draw("rect", { ...box, rx, fill: color }));
    found.push(...gradients(style.backgroundImage, box), ...shadow(style.boxShadow, box));
    const sides = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);
    const lines = {
      Top: [x, y, x + width, y],
      Right: [x + width, y, x + width, y + height],
      Bottom: [x, y + height, x + width, y + height],
      Left: [x, y, x, y + height],
    };
    const edges = sides.map((side) => ({
      side,
      wide: Number.parseFloat(style[`border${side}Width`]),
      stroke: style[`border${side}Color`],
      dashed: style[`border${side}Style`] === "dashed",
    }));
    const drawn = edges.filter(({ wide, stroke }) => wide > 0 && !unseen(stroke));
    const [{ wide, stroke, dashed }] = edges;
    if (drawn.length === 4 && edges.every((edge) => edge.stroke === stroke && edge.wide === wide)) {
      const inset = wide / 2;
      const frame = { x: x + inset, y: y + inset, width: width - wide, height: height - wide };
      const dashes = dashed ? "3,2" : null;
      const look = { fill: "none", stroke, "stroke-width": wide, "stroke-dasharray": dashes };
      found.push(draw("rect", { ...frame, rx, ...look }));
      return found;
    }
    for (const edge of drawn) {
      const [x1, y1, x2, y2] = lines[edge.side];
      found.push(draw("line", { x1, y1, x2, y2, stroke: edge.stroke, "stroke-width": edge.wide }));
    }
    return found;
  }

  /**
   * The lines of a text, each where it is on the page.
   * @param {Text} node
   * @param {CSSStyleDeclaration} style
   */
  text(node, style) {
    const size = Number.parseFloat(style.fontSize);
    const kept = style.whiteSpace.startsWith("pre");
    return linesOf(node).flatMap(({ text, box }) => {
      const shown = kept ? text.replace(/\n/g, "") : text.replace(/\s+/g, " ").trim();
      if (!shown.trim() || !box.width) return [];
      const { x, y, height } = this.put(box);
      const bold = Number(style.fontWeight) >= 600 ? "bold" : null;
      const look = {
        "font-size": size,
        "font-family": family(style),
        "font-weight": bold,
        fill: style.color,
      };
      const line = draw("text", { x, y: y + height / 2 + BASELINE * size, ...look }, shown);
      if (/^\s|\s\s/.test(shown)) line.setAttribute("xml:space", "preserve");
      return [line];
    });
  }

  /**
   * A figure of bqplot, or an icon, with the looks that style sheets give it.
   * @param {SVGElement} figure
   */
  figure(figure) {
    const { x, y, width, height } = this.put(figure.getBoundingClientRect());
    if (!width || !height) return [];
    const inside = [...figure.children].flatMap((child) => copied(child));
    const viewBox = figure.getAttribute("viewBox") ?? `0 0 ${width} ${height}`;
    return [draw("svg", { x, y, width, height, viewBox }, ...inside)];
  }
}

/**
 * The cells of a grid say by edges and hatching what is in them.
 * @param {string} image as computed
 * @param {{x: number, y: number, width: number, height: number}} box
 */
function gradients(image, { x, y, width, height }) {
  const found = image.matchAll(
    /(repeating-)?linear-gradient\((?:(to \w+|[\d.]+deg), )?(rgba?\([^)]*\)) ([\d.]+)px/g,
  );
  return [...found].map(([, repeating, way = "to bottom", fill, length]) => {
    const band = Number(length);
    if (repeating) {
      const lines = STRIPES.map((share) => `M${x} ${y + share * height} L${x + share * width} ${y}`);
      return draw("path", { d: lines.join(" "), stroke: fill, fill: "none" });
    }
    if (way.endsWith("deg")) {
      const side = band * TRIANGLE;
      return draw("path", { d: `M${x + width - side} ${y} H${x + width} V${y + side} Z`, fill });
    }
    const lying = way === "to top" || way === "to bottom";
    const size = lying ? { width, height: band } : { width: band, height };
    // It runs from the edge on the other side.
    const left = way === "to left" ? x + width - band : x;
    const top = way === "to top" ? y + height - band : y;
    return draw("rect", { x: left, y: top, ...size, fill });
  });
}

/**
 * Shadows inside an element are lines that do not take part in its layout.
 * @param {string} shadow as computed
 * @param {{x: number, y: number, width: number, height: number}} box
 */
function shadow(shadow, { x, y, width, height }) {
  const [, stroke, down, spread] =
    shadow.match(/^(rgba?\([^)]*\)) [-\d.]+px ([-\d.]+)px [-\d.]+px ([-\d.]+)px inset$/) ?? [];
  if (!stroke) return [];
  const wide = Number(spread);
  if (wide > 0) {
    const frame = { x: x + wide / 2, y: y + wide / 2, width: width - wide, height: height - wide };
    return [draw("rect", { ...frame, fill: "none", stroke, "stroke-width": wide })];
  }
  const [y1, thick] = [y + height + Number(down) / 2, Math.abs(Number(down))];
  return [draw("line", { x1: x, x2: x + width, y1, y2: y1, stroke, "stroke-width": thick })];
}

/**
 * An element of a figure without names and styles of the page; nothing where it is not seen.
 * @param {Element} element
 * @returns {Element[]}
 */
function copied(element) {
  if (["defs", "style", "title", "clipPath"].includes(element.tagName)) return [];
  const style = getComputedStyle(element);
  if (style.display === "none" || style.opacity === "0" || style.visibility === "hidden") return [];
  const texts = element.children.length === 0 ? [element.textContent ?? ""] : [];
  // The labels of lines, which are never seen, have no place either.
  if (element.tagName === "text" && texts[0]?.trim() === "") return [];
  const copy = draw(element.tagName, {});
  for (const name of GEOMETRY) {
    const value = element.getAttribute(name);
    if (value !== null) copy.setAttribute(name, value);
  }
  if (element.tagName !== "g" && element.tagName !== "svg") {
    for (const name of LOOKS) copy.setAttribute(name, style.getPropertyValue(name));
    if (element.tagName === "text") copy.setAttribute("font-family", family(style));
  }
  copy.append(...texts, ...[...element.children].flatMap((child) => copied(child)));
  const empty = element.tagName === "g" && copy.childElementCount === 0;
  return empty ? [] : [copy];
}

/**
 * The lines into which the page breaks a text.
 * @param {Text} node
 * @returns {{text: string, box: Box}[]}
 */
function linesOf(node) {
  if (!node.data.trim()) return [];
  const range = document.createRange();
  range.selectNodeContents(node);
  const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
  if (boxes.length === 0) return [];
  if (boxes.length === 1) return [{ text: node.data, box: boxes[0] }];
  /** @type {{text: string, box: Box}[]} */
  const lines = [];
  for (const { 0: text, index } of node.data.matchAll(/\s*\S+|\s+$/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + text.length);
    // Blanks at a break belong to the line before.
    const box = [...range.getClientRects()].filter((one) => one.width > 0).at(-1);
    if (!box) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < box.height / 2) {
      last.text += text;
      const { left, top, height } = last.box;
      last.box = { left, top, height, width: box.left + box.width - left };
    } else lines.push({ text: text.trimStart(), box });
  }
  return lines;
}

/**
 * Draw elements of a page below each other, as far apart as those that stand so on the page.
 * @param {Element[][]} groups elements that keep their places to each other
 * @param {number} zoom of the page
 * @returns {{drawn: Drawn[], width: number, height: number}}
 */
export function sceneOf(groups, zoom) {
  const [edge, gap] = [16, 8];
  const shown = groups.filter((group) => group.some((one) => one.getClientRects().length > 0));
  const bounds = shown.map((group) => group.map((one) => one.getBoundingClientRect()));
  const left = Math.min(...bounds.flat().map((box) => box.left));
  const width = (Math.max(...bounds.flat().map((box) => box.right)) - left) / zoom + 2 * edge;
  let top = edge;
  const drawn = shown.flatMap((group, place) => {
    const first = Math.min(...bounds[place].map((box) => box.top));
    const last = Math.max(...bounds[place].map((box) => box.bottom));
    const above = top;
    const sheet = new Sheet((x, y) => [(x - left) / zoom + edge, (y - first) / zoom + above], zoom);
    top += (last - first) / zoom + gap;
    return group.flatMap((one) => sheet.element(one)).map((one) => readDrawn(one));
  });
  return { drawn, width: Math.ceil(width), height: Math.ceil(top - gap + edge) };
}

/** The pictures hear of the last tick a frame later, and what changed then a frame after that. */
export async function settled() {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
}
