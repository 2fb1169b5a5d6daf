/**
 * An SVG that stands alone, as text.
 */

/**
 * @typedef {object} Drawn an element as text
 * @property {string} tag
 * @property {string} head all before its end and before what is drawn in it, but for the last ">"
 * @property {string} text in it
 * @property {Drawn[]} inside
 */

/** @type {Record<string, string>} */
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;" };

/**
 * A text as XML may hold it; what no XML can hold is replaced, as the page shows it as a box.
 * @param {string} text
 */
export const cleaned = (text) =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/g, (letter) => ESCAPED[letter]);

/** @param {string} value of an attribute, in which XML takes every white space for a blank */
const quoted = (value) => `"${cleaned(value).replace(/[\n\t]/g, (letter) => ESCAPED[letter])}"`;

/**
 * What is drawn, with texts only where no elements are.
 * @param {Element} element
 * @returns {Drawn}
 */
export function readDrawn(element) {
  const attributes = [...element.attributes].map(({ name, value }) => ` ${name}=${quoted(value)}`);
  const inside = [...element.children].map((child) => readDrawn(child));
  const text = inside.length > 0 ? "" : cleaned(element.textContent ?? "");
  return { tag: element.tagName, head: `<${element.tagName}${attributes.join("")}`, text, inside };
}

/**
 * @param {string} tag
 * @param {string} head
 * @param {string} content
 */
export const closed = (tag, head, content) => (content ? `${head}>${content}</${tag}>` : `${head}/>`);

/**
 * @param {Drawn} drawn
 * @returns {string}
 */
export const textOf = ({ tag, head, text, inside }) =>
  closed(tag, head, text + inside.map((one) => textOf(one)).join(""));

/**
 * The whole file, on a white ground.
 * @param {{width: number, height: number}} size
 * @param {{title: string, words: string[]}} named it says what the picture shows, in words
 * @param {string} content
 */
export function fileOf({ width, height }, { title, words }, content) {
  const size = `width="${width}" height="${height}"`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${width} ${height}" role="img">`;
  const told = `<title>${cleaned(title)}</title><desc>${cleaned(words.join("\n"))}</desc>`;
  const ground = `<rect ${size} fill="#ffffff"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${open}${told}${ground}${content}</svg>\n`;
}
