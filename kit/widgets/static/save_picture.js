/**
 * The fold of a player that saves what is shown as a picture, for slides.
 */
import { make } from "./dom.js";
import { WHOLE } from "./full_screen.js";
import { sceneOf, settled } from "./picture_svg.js";
import { SaveStretch } from "./save_stretch.js";
import { fileName, keepFile } from "./saved_file.js";
import { fileOf, textOf } from "./svg_file.js";

/** @typedef {import("./driver.js").Driver} Driver */

const SHARP = 2; // pixels of a PNG for each of the page, so that it stays sharp on a projector

/** What saves the pictures around one player. */
export class SavePicture {
  status = make("span", { role: "status" });

  /**
   * @param {Driver} driver
   * @param {HTMLElement} root of the player
   * @param {() => {title: string, words: string[]}} told
   */
  constructor(driver, root, told) {
    this.driver = driver;
    this.root = root;
    this.told = told;
    this.stretch = new SaveStretch(this);
    this.fold = make(
      "details",
      { class: "kit-twin kit-save", ontoggle: () => this.stretch.offer() },
      make("summary", {}, "Save picture"),
      make("button", { type: "button", onclick: () => this.save("svg") }, "as SVG"),
      " ",
      make("button", { type: "button", onclick: () => this.save("png") }, "as PNG"),
      " ",
      this.stretch.element,
      " ",
      this.status,
    );
  }

  /** @param {"svg" | "png"} kind */
  async save(kind) {
    this.driver.pause();
    await this.stretch.stop();
    this.status.textContent = "";
    await settled();
    const { title, words } = this.told();
    const tick = Math.floor(this.driver.tick);
    try {
      const { drawn: all, ...size } = this.scene();
      const named = { title: `${title || "Run"}, tick ${tick}`, words };
      const svg = fileOf(size, named, all.map((one) => textOf(one)).join(""));
      this.keep(kind === "svg" ? svg : await drawn(svg, size), fileName(title, tick, kind));
    } catch (error) {
      this.refuse(error, "; try the other kind");
    }
  }

  /** What stands around the player, without what only people at the page need. */
  scene() {
    const whole = this.root.closest(WHOLE) ?? this.root;
    const others = [...whole.children].filter((child) => !child.contains(this.root));
    const head = [...this.root.children].slice(0, 1);
    const narration = [...this.root.querySelectorAll(":scope > .kit-narration")];
    const zoom = whole instanceof HTMLElement ? (whole.currentCSSZoom ?? 1) : 1;
    return sceneOf([head, narration, others], zoom);
  }

  /**
   * @param {string | Blob} file
   * @param {string} name
   */
  keep(file, name) {
    keepFile(file, name);
    this.status.textContent = `Saved as ${name}.`;
  }

  /**
   * @param {unknown} error
   * @param {string} instead
   */
  refuse(error, instead = "") {
    console.warn(error);
    this.status.textContent = `This browser could not draw the picture${instead}.`;
  }
}

/**
 * Let the browser draw an SVG.
 * @param {string} svg
 * @param {{width: number, height: number}} size
 * @returns {Promise<Blob>}
 */
async function drawn(svg, { width, height }) {
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
