/**
 * A file that the page gives to its reader.
 */
import { make } from "./dom.js";

const KEPT = 60_000; // ms for which a browser may take what it saves

/**
 * The name of a file.
 * @param {string} title of the run
 * @param {number | [number, number]} when a tick, or the first and the last one
 * @param {"svg" | "png"} kind
 */
export function fileName(title, when, kind) {
  const plain = title
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const ticks = typeof when === "number" ? `tick-${when}` : `ticks-${when.join("-")}`;
  return `${plain.slice(0, 60) || "run"}-${ticks}.${kind}`;
}

/**
 * @param {string | Blob} file an SVG, or anything else
 * @param {string} name
 */
export function keepFile(file, name) {
  const whole = typeof file === "string" ? new Blob([file], { type: "image/svg+xml" }) : file;
  const address = URL.createObjectURL(whole);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
