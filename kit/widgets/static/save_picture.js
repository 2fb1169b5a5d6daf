/**
 * The fold of a player that saves what is shown as a picture, for slides.
 */
import { make } from "./dom.js";
import { WHOLE } from "./full_screen.js";
import { pictureOf } from "./picture_svg.js";

/** @typedef {import("./driver.js").Driver} Driver */
/** @typedef {{svg: string, width: number, height: number}} Picture */

const SHARP = 2; // pixels of a PNG for each of the page, so that it stays sharp on a projector
const KEPT = 60_000; // ms for which a browser may take what it saves

/**
 * The name of a file.
 * @param {string} title of the run
 * @param {number} tick
 * @param {"svg" | "png"} kind
 */
export function fileName(title, tick, kind) {
  const plain = title
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 60) || "run"}-tick-${tick}.${kind}`;
}

/** What saves the pictures around one player. */
export class SavePicture {
  status = make("span", { role: "status" });
  fold = make(
    "details",
    { class: "kit-twin kit-save" },
    make("summary", {}, "Save picture"),
    make("button", { type: "button", onclick: () => this.save("svg") }, "as SVG"),
    " ",
    make("button", { type: "button", onclick: () => this.save("png") }, "as PNG"),
    " ",
    this.status,
  );

  /**
   * @param {Driver} driver
   * @param {HTMLElement} root of the player
   * @param {() => {title: string, words: string[]}} told
   */
  constructor(driver, root, told) {
    this.driver = driver;
    this.root = root;
    this.told = told;
  }

  /** @param {"svg" | "png"} kind */
  async save(kind) {
    this.driver.pause();
    this.status.textContent = "";
    // The pictures hear of the last tick a frame later, and what changed then a frame after that.
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    const { title, words } = this.told();
    const tick = Math.floor(this.driver.tick);
    const name = fileName(title, tick, kind);
    try {
      const picture = this.picture(`${title || "Run"}, tick ${tick}`, words);
      const file = kind === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await drawn(picture);
      keep(file, name);
      this.status.textContent = `Saved as ${name}.`;
    } catch (error) {
      console.warn(error);
      this.status.textContent = "This browser could not draw the picture; try the other kind.";
    }
  }

  /**
   * What stands around the player, without what only people at the page need.
   * @param {string} title
   * @param {string[]} words
   */
  picture(title, words) {
    const whole = this.root.closest(WHOLE) ?? this.root;
    const others = [...whole.children].filter((child) => !child.contains(this.root));
    const head = [...this.root.children].slice(0, 1);
    const narration = [...this.root.querySelectorAll(":scope > .kit-narration")];
    const zoom = whole instanceof HTMLElement ? (whole.currentCSSZoom ?? 1) : 1;
    return pictureOf([head, narration, others], { title, words, zoom });
  }
}

/**
 * Let the browser draw an SVG.
 * @param {Picture} picture
 * @returns {Promise<Blob>}
 */
async function drawn({ svg, width, height }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SHARP * width, SHARP * height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const file = /** @type {Blob | null} */ (await new Promise((take) => canvas.toBlob(take, "image/png")));
  if (!file) throw new Error("the canvas gave no picture");
  return file;
}

/**
 * @param {Blob} file
 * @param {string} name
 */
function keep(file, name) {
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
