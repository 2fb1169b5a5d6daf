/**
 * The colours of a program: which part of it is what.
 */

/** @typedef {"" | "comment" | "text" | "number" | "keyword" | "name" | "call"} Kind */
/** @typedef {[string, Kind]} Piece a text, and what it is */

const KEYWORDS = new Set(
  (
    "and as assert async await break class continue def del elif else except False finally for from " +
    "global if import in is lambda None nonlocal not or pass raise return True try while with yield"
  ).split(" "),
);
const NUMBER = String.raw`(?<number>\b(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*)\b)`;
const LONG = `"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))`;
const TEXT = String.raw`(?<text>${LONG}|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)`;
const WORD = String.raw`(?<word>[\p{L}_][\p{L}\d_]*)`;
const PYTHON = new RegExp(["(?<comment>#.*)", TEXT, NUMBER, WORD].join("|"), "gmu");
const DIRECTIVE = String.raw`(?<keyword>(?<![\w.])\.[a-z_]\w*|\b[A-Z]{2,}\b)`;
const ASSEMBLY = new RegExp(["(?<comment>;.*)", TEXT, DIRECTIVE, NUMBER, WORD].join("|"), "gmu");

/**
 * A program as pieces, which together are its text.
 * @param {string} text
 * @param {string} language "python" or "assembly"
 * @returns {Piece[]}
 */
export function pieces(text, language) {
  /** @type {Piece[]} */
  const found = [];
  let [end, before] = [0, ""];
  for (const match of text.matchAll(language === "assembly" ? ASSEMBLY : PYTHON)) {
    const [part] = match;
    if (match.index > end) found.push([text.slice(end, match.index), ""]);
    end = match.index + part.length;
    found.push([part, kindOf(match, language, before, text[end])]);
    before = part;
  }
  if (end < text.length) found.push([text.slice(end), ""]);
  return found;
}

/**
 * @param {RegExpMatchArray} match
 * @param {string} language
 * @param {string} before the piece before it that is no blank or sign
 * @param {string | undefined} after the character after it
 * @returns {Kind}
 */
function kindOf({ groups = {}, 0: part }, language, before, after) {
  for (const kind of /** @type {const} */ (["comment", "text", "number", "keyword"])) {
    if (groups[kind]) return kind;
  }
  if (language === "assembly") return "";
  if (KEYWORDS.has(part)) return "keyword";
  if (before === "def") return "name";
  return after === "(" ? "call" : "";
}

/**
 * A program as nodes: each piece that has a colour is an element.
 * @param {string} text
 * @param {string} language
 */
export function coloured(text, language) {
  return pieces(text, language).map(([part, kind]) => {
    if (!kind) return document.createTextNode(part);
    const piece = document.createElement("span");
    piece.className = `kit-syntax-${kind}`;
    piece.textContent = part;
    return piece;
  });
}
