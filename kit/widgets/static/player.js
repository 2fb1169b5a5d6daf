/**
 * The player as a person sees it: controls, narration, the pictures in words.
 */
import { Connection } from "./connection.js";
import { keepKeys, make } from "./dom.js";
import { tell } from "./channels.js";
import { Driver } from "./driver.js";

const SPOKEN = 1500; // ms between two announcements to a screen reader while playing
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const FIGURE_WAIT = 100; // ms between two looks for figures that are not drawn yet
const FIGURE_ATTEMPTS = 300;

/** What works wherever the focus is inside the player. */
const KEYS = [
  ["Space", "plays and stops"],
  ["←", "one tick back"],
  ["→", "one tick on"],
  ["Home", "to the start"],
  ["End", "to the end"],
  ["+", "faster"],
  ["-", "slower"],
  ["Tab", "to the next control; the timeline and the frames have keys of their own"],
];

const ICONS = {
  first: "M4 3h2v10H4zM14 3v10L7 8z",
  back: "M11 3v10L4 8zM12 3h2v10h-2z",
  play: "M4 2v12l10-6z",
  pause: "M4 2h3v12H4zM9 2h3v12H9z",
  forward: "M5 3v10l7-5zM2 3h2v10H2z",
  last: "M10 3h2v10h-2zM2 3v10l7-5z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function button(name, label, keys, onclick) {
  return make(
    "button",
    {
      type: "button",
      class: `kit-button kit-${name}`,
      "aria-label": label,
      "aria-keyshortcuts": keys,
      title: `${label} (${keys})`,
      onclick,
    },
    icon(name),
  );
}

/** What a person sees of the player: controls, narration, the pictures in words. */
class Panel {
  constructor(driver, model, root) {
    this.driver = driver;
    this.model = model;
    this.root = root;
    this.spokenAt = 0;
    this.longest = 0;
    this.room = 0;
    this.build();
    this.watchWidth();
    this.update = this.update.bind(this);
    driver.listeners.add(this.update);
    this.update();
    this.awaitFigures();
  }

  build() {
    const { driver } = this;
    this.play = button("play", "Play", "Space", () => driver.toggle());
    this.slider = make("input", {
      type: "range",
      class: "kit-slider",
      min: 0,
      step: 1,
      "aria-label": "Tick",
      oninput: () => {
        driver.pause();
        driver.seek(Number(this.slider.value));
      },
    });
    this.clock = make("output", { class: "kit-clock" });
    this.speed = make("select", {
      class: "kit-speed",
      "aria-label": "Speed",
      onchange: () => this.setSpeed(Number(this.speed.value)),
    });
    for (const speed of SPEEDS) this.speed.append(make("option", { value: speed }, `${speed}×`));
    this.narration = make("p", { class: "kit-narration" });
    this.notice = make("p", { class: "kit-notice", role: "status" });
    this.hold = make("p", { class: "kit-hold", role: "status" });
    this.spoken = make("div", { class: "kit-spoken", "aria-live": "polite" });
    this.words = make("div", { class: "kit-words" });
    this.details = make(
      "details",
      { class: "kit-twin", ontoggle: () => this.update() },
      make("summary", {}, "This moment in words"),
      this.words,
    );
    this.keys = make(
      "details",
      { class: "kit-twin" },
      make("summary", {}, "Keys"),
      make("ul", {}, ...KEYS.map(([key, does]) => make("li", {}, make("kbd", {}, key), ` ${does}`))),
    );
    this.head = make("div");
    this.bar = make(
      "div",
      { class: "kit-bar", role: "toolbar", "aria-label": "Playback" },
      button("first", "To the start", "Home", () => driver.step(-driver.end)),
      button("back", "One tick back", "ArrowLeft", () => driver.step(-1)),
      this.play,
      button("forward", "One tick on", "ArrowRight", () => driver.step(1)),
      button("last", "To the end", "End", () => driver.step(driver.end)),
      this.slider,
      this.clock,
      this.speed,
    );
    this.root.classList.add("kit-player");
    this.root.addEventListener("keydown", (event) => this.press(event));
    const folded = make("div", { class: "kit-folded" }, this.details, this.keys);
    this.root.append(this.head, this.bar, this.hold, this.notice, this.narration, this.spoken, folded);
    keepKeys(this.root);
  }

  /** Title and subtitle, which change when another run is shown. */
  heading() {
    const title = this.model.get("title");
    const subtitle = this.model.get("subtitle");
    if (this.shownTitle === title && this.shownSubtitle === subtitle) return;
    [this.shownTitle, this.shownSubtitle] = [title, subtitle];
    this.head.replaceChildren(
      ...(title ? [make("div", { class: "kit-title", role: "heading", "aria-level": 3 }, title)] : []),
      ...(subtitle ? [make("div", { class: "kit-subtitle" }, subtitle)] : []),
    );
  }

  /** Say why the run goes no further, once that is noticed. */
  showHold() {
    const { driver } = this;
    const { asked, limit, end } = driver;
    const told = asked && `The run stops at tick ${limit} until you have answered: “${asked}”`;
    const held = limit < end;
    if (this.hold.textContent !== told) {
      this.hold.textContent = told;
      // Once it was shown its room is kept, so that pictures stay put.
      if (told) this.hold.style.minHeight = `${this.hold.offsetHeight}px`;
    }
    if (!held) this.hold.style.minHeight = "";
    this.slider.classList.toggle("kit-held", held);
    // It tells how many processes and threads there will be, which may be what is asked.
    this.head.querySelector(".kit-subtitle")?.classList.toggle("kit-unseen", held);
    const place = `tick ${Math.floor(driver.tick)} of ${end}`;
    const spoken = held ? `${place}; stops at ${limit} until a question is answered` : place;
    if (this.slider.getAttribute("aria-valuetext") !== spoken) {
      this.slider.setAttribute("aria-valuetext", spoken);
    }
  }

  setSpeed(speed) {
    this.model.set("speed", speed);
    this.update();
    if (!this.driver.playing) this.driver.settle();
  }

  /** Keys work wherever the focus is inside the player. */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onControl = (...tags) => tags.includes(event.target.tagName);
    const speed = SPEEDS.indexOf(this.model.get("speed"));
    const actions = {
      " ": () => this.driver.toggle(),
      ArrowLeft: () => this.driver.step(-1),
      ArrowRight: () => this.driver.step(1),
      Home: () => this.driver.step(-this.driver.end),
      End: () => this.driver.step(this.driver.end),
      "+": () => this.setSpeed(SPEEDS[Math.min(speed + 1, SPEEDS.length - 1)]),
      "-": () => this.setSpeed(SPEEDS[Math.max(speed - 1, 0)]),
    };
    const action = actions[event.key];
    if (action === undefined || onControl("SELECT")) return;
    if (event.key === " " && onControl("BUTTON", "SUMMARY")) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  update() {
    const { driver } = this;
    const tick = Math.floor(driver.tick);
    const told = driver.sentence();
    const now = performance.now();
    this.heading();
    if (this.notice.textContent !== driver.problem) this.notice.textContent = driver.problem;
    this.showHold();
    this.slider.max = driver.end;
    this.slider.value = tick;
    this.slider.style.setProperty("--limit", `${(100 * driver.limit) / Math.max(driver.end, 1)}%`);
    this.slider.style.setProperty("--done", `${(100 * driver.tick) / Math.max(driver.end, 1)}%`);
    if (this.shownTick !== tick || this.shownTold !== told || this.shownEnd !== driver.end) {
      this.clock.textContent = `t = ${tick} / ${driver.end}`;
      this.narration.replaceChildren(make("b", {}, `t = ${tick} `), told);
      [this.shownTick, this.shownTold, this.shownEnd] = [tick, told, driver.end];
      this.keepRoom(told);
    }
    if (this.shownPlaying !== driver.playing) {
      this.shownPlaying = driver.playing;
      const label = driver.playing ? "Pause" : "Play";
      this.play.replaceChildren(icon(driver.playing ? "pause" : "play"));
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (Space)`;
    }
    this.speed.value = String(this.model.get("speed"));
    if (!driver.playing || now - this.spokenAt > SPOKEN) {
      this.spokenAt = now;
      this.say(told);
    }
  }

  /** The narration grows with its longest text and does not shrink, so that pictures stay put. */
  keepRoom(told) {
    // Asking for a height costs a layout of the page, so only a longer text is measured.
    if (told.length <= this.longest) return;
    this.longest = told.length;
    const height = this.narration.offsetHeight;
    if (height > this.room) {
      this.room = height;
      this.narration.style.minHeight = `${height}px`;
    }
  }

  /** At another width it needs another height. */
  watchWidth() {
    let width = 0;
    this.observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === width) return;
      width = contentRect.width;
      this.longest = 0;
      this.room = 0;
      this.narration.style.minHeight = "";
    });
    this.observer.observe(this.narration);
  }

  /** Update what only readers of words need, less often than the picture. */
  say(told) {
    if (this.spoken.textContent !== told) this.spoken.textContent = told;
    if (this.details.open) this.words.replaceChildren(...this.inWords());
    this.labelFigures();
  }

  labelFigures() {
    for (const scene of this.driver.scenes) labelFigure(scene, this.driver);
  }

  /** Figures may be drawn after the player: look for them until all are there. */
  awaitFigures(attempts = FIGURE_ATTEMPTS) {
    this.labelFigures();
    const { scenes } = this.driver;
    const figures = scenes.filter((scene) => scene.figure);
    const missing = figures.some((scene) => !scene.labelled);
    if (attempts > 0 && (scenes.length === 0 || missing)) {
      this.waiting = setTimeout(() => this.awaitFigures(attempts - 1), FIGURE_WAIT);
    }
  }

  dispose() {
    this.observer.disconnect();
    this.driver.listeners.delete(this.update);
    clearTimeout(this.waiting);
  }

  inWords() {
    return this.driver.scenes
      .filter((scene) => scene.header.twin.length)
      .map((scene) => {
        const said = scene.header.twin.map((sentence) => tell(sentence, scene.channels));
        const items = said.filter((text) => text !== "").map((text) => make("li", {}, text));
        return make("section", {}, make("h4", {}, scene.title), make("ul", {}, ...items));
      });
  }
}

const labelled = new WeakSet();

/** A picture that is wider than its place can be reached and scrolled by keyboard. */
function makeScrollable(frame, title) {
  if (!frame || labelled.has(frame)) return;
  labelled.add(frame);
  const observer = new ResizeObserver(() => {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.dataset.lmSuppressShortcuts = "true";
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", `${title}, scrolls sideways`);
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) frame.removeAttribute(name);
    }
  });
  observer.observe(frame);
}

/** Name a figure for screen readers, and let it ask for a tick. */
function labelFigure(scene, driver) {
  for (const promise of Object.values(scene.figure?.views ?? {})) {
    promise.then(({ el }) => {
      // It may not stand in its frame yet; then it is looked for again.
      if (!el.isConnected) return;
      scene.labelled = true;
      if (labelled.has(el)) return;
      labelled.add(el);
      el.setAttribute("role", "img");
      el.setAttribute("aria-label", `${scene.title}; see “This moment in words”`);
      makeScrollable(el.closest(".kit-frame"), scene.title);
      // What a view makes of a click on its figure is known to the view.
      el.addEventListener("kit-seek", ({ detail }) => {
        driver.pause();
        driver.seek(detail);
      });
    });
  }
}

export default () => {
  let driver = null;
  let connection = null;
  return {
    initialize({ model }) {
      driver = new Driver(model);
      model.on("change:tracks", () => driver.load());
      model.on("change:end", () => driver.draw());
      model.on("change:speed", () => driver.draw());
      model.on("change:locks", () => driver.relock());
      model.on("change:tick", () => driver.follow());
      model.on("change:playing", () => {
        const wanted = model.get("playing");
        if (wanted && !driver.playing) driver.play();
        else if (!wanted && driver.playing) driver.pause();
      });
      connection = new Connection(model, () => driver.lose(connection.lost));
      if (connection.lost) driver.lose(true);
      model.on("change:title change:subtitle", () => driver.draw());
      model.on("msg:custom", (message) => {
        if (message.do === "pause") driver.pause();
        if (message.do === "release") driver.release();
      });
      driver.load().then(() => {
        if (model.get("playing")) driver.play();
      });
      return () => {
        connection.end();
        driver.dispose();
      };
    },
    render({ model, el }) {
      const root = document.createElement("div");
      el.append(root);
      const panel = new Panel(driver, model, root);
      return () => {
        panel.dispose();
        // Nobody sees it any more, as when its cell was run again.
        if (driver.listeners.size === 0) driver.leave();
      };
    },
  };
};
