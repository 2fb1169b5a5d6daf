/**
 * A stage that fills the screen, with texts that grow with it, for those in the last row.
 */
import { make } from "./dom.js";

const NARROWEST = 1040; // pixels of a page on which a whole stage stands side by side
const NEAR = 16; // pixels around a pointer where a click takes it away
/** What a player has around it, by which it is found. */
export const WHOLE = ".kit-stage, .kit-compare, .kit-view";

/** @returns {HTMLElement | null} what fills the screen now */
const filling = () => /** @type {HTMLElement | null} */ (document.fullscreenElement);

/** What one player has around it, alone on the screen. */
export class FullScreen {
  /** @type {HTMLElement | undefined} */
  whole = undefined;
  pointer = make("div", { class: "kit-pointer", hidden: true, "aria-hidden": "true" });
  at = { left: 0, top: 0 }; // where the pointer is

  /**
   * @param {HTMLElement} root of the player
   * @param {(event: KeyboardEvent) => void} press takes keys that are pressed anywhere on the screen
   * @param {(filled: boolean) => void} changed
   */
  constructor(root, press, changed) {
    this.root = root;
    this.press = press;
    this.changed = changed;
    this.follow = () => this.update();
    this.point = (/** @type {MouseEvent} */ event) => this.leavePointer(event);
    document.addEventListener("fullscreenchange", this.follow);
    window.addEventListener("resize", this.follow);
  }

  get filled() {
    return this.whole !== undefined;
  }

  toggle() {
    if (this.filled) this.leave();
    // In a frame, or pressed by a program, a page may not be allowed to: then it stays as it is.
    else this.place.requestFullscreen().catch(() => {});
  }

  /** What this player fills the screen with: the innermost whole that it stands in. */
  get place() {
    return /** @type {HTMLElement} */ (this.root.closest(WHOLE) ?? this.root);
  }

  /** Follow what the browser shows, whoever asked for it. */
  update() {
    const now = filling();
    // Others fill the screen, too: a talk with its whole page, a stage around another player.
    const whole = now && now === this.place ? now : undefined;
    if (whole !== this.whole) this.swap(whole);
    whole?.style.setProperty("--kit-zoom", String(Math.max(1, window.innerWidth / NARROWEST)));
  }

  /** @param {HTMLElement | undefined} whole */
  swap(whole) {
    const before = this.whole;
    this.whole = whole;
    before?.classList.remove("kit-full");
    before?.removeEventListener("keydown", this.press);
    before?.removeEventListener("click", this.point);
    this.pointer.remove();
    this.pointer.hidden = true;
    if (whole) {
      whole.classList.add("kit-full");
      whole.tabIndex = -1;
      whole.dataset.lmSuppressShortcuts = "true";
      whole.addEventListener("keydown", this.press);
      whole.addEventListener("click", this.point);
      whole.append(this.pointer);
      whole.focus({ preventScroll: true });
    }
    this.changed(whole !== undefined);
  }

  /**
   * Leave a pointer where somebody clicks on a picture, until they click at the same place again.
   * @param {MouseEvent} event
   */
  leavePointer(event) {
    const { whole, pointer } = this;
    if (!whole || !(event.target instanceof Element) || !event.target.closest(".kit-frame")) return;
    const zoom = Number(whole.style.getPropertyValue("--kit-zoom")) || 1;
    const [left, top] = [event.clientX / zoom, event.clientY / zoom + whole.scrollTop];
    const near = Math.hypot(left - this.at.left, top - this.at.top) < NEAR;
    pointer.hidden = near && !pointer.hidden;
    this.at = { left, top };
    Object.assign(pointer.style, { left: `${left}px`, top: `${top}px` });
  }

  /** A page that is just being left has no full screen any more. */
  leave() {
    document.exitFullscreen().catch(() => {});
  }

  dispose() {
    if (this.filled) this.leave();
    this.swap(undefined);
    document.removeEventListener("fullscreenchange", this.follow);
    window.removeEventListener("resize", this.follow);
  }
}
