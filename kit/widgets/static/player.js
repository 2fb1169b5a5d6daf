/**
 * The player as a person sees it: controls, narration, the pictures in words.
 */
import { ChangeMarks } from "./change_marks.js";
import { Connection } from "./connection.js";
import { heightOf, keepKeys, make } from "./dom.js";
import { tell } from "./channels.js";
import { Driver } from "./driver.js";
import { labelFigure } from "./figures.js";
import { keepFolds } from "./folds.js";
import { FullScreen, WHOLE } from "./full_screen.js";
import { NarrationLine, spoken } from "./narration.js";
import { button, icon, nameButton } from "./player_buttons.js";
import { KEYS } from "./player_keys.js";
import { Pointing } from "./pointing.js";
import { RunLink } from "./run_link.js";
import { SavePicture } from "./save_picture.js";
import { STEPS } from "./steps.js";

const SPOKEN = 1500; // ms between two announcements to a screen reader while playing
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const FIGURE_WAIT = 100; // ms between two looks for figures that are not drawn yet
const FIGURE_ATTEMPTS = 300;

/** What a person sees of the player: controls, narration, the pictures in words. */
class Panel {
  play = button("play", ["Play", "Space"], () => this.driver.toggle());
  back = button("back", STEPS.tick.back, () => this.driver.stepBy(this.unit, -1));
  forward = button("forward", STEPS.tick.forward, () => this.driver.stepBy(this.unit, 1));
  steps = make(
    "select",
    {
      class: "kit-steps",
      "aria-label": "Step by",
      title: "What the buttons step by",
      onchange: () => this.nameSteps(),
    },
    ...Object.keys(STEPS).map((unit) => make("option", { value: unit }, unit)),
  );
  fill = button("fill", ["Full screen", "f"], () => this.screen.toggle());
  slider = make("input", {
    type: "range",
    class: "kit-slider",
    min: 0,
    step: 1,
    "aria-label": "Tick",
    oninput: () => this.slide(),
  });
  clock = make("output", { class: "kit-clock" });
  speed = make("select", {
    class: "kit-speed",
    "aria-label": "Speed",
    onchange: () => this.setSpeed(Number(this.speed.value)),
  });
  notice = make("p", { class: "kit-notice", role: "status" });
  hold = make("p", { class: "kit-hold", role: "status" });
  spoken = make("div", { class: "kit-spoken", "aria-live": "polite" });
  // What scrolls must be reached by keyboard.
  words = make("div", { class: "kit-words", tabindex: 0, role: "group", "aria-label": "In words" });
  details = make(
    "details",
    { class: "kit-twin", ontoggle: () => this.update() },
    make("summary", {}, "This moment in words"),
    this.words,
  );
  head = make("div");
  /** What is shown now, so that only what changes is written. */
  shown = { title: "", subtitle: "", tick: -1, sentence: "", end: -1, playing: false };
  spokenAt = 0;
  listener = () => this.update();
  /** @type {ReturnType<typeof keepFolds> | undefined} */
  folds = undefined;
  /** @type {ResizeObserver | undefined} */
  headWatcher = undefined;
  /** @type {Timer | undefined} */
  waiting = undefined;

  /**
   * @param {Driver} driver
   * @param {Model<PlayerTraits>} model
   * @param {HTMLElement} root
   */
  constructor(driver, model, root) {
    this.driver = driver;
    this.model = model;
    this.root = root;
    this.narration = new NarrationLine(driver);
    this.changes = new ChangeMarks(driver);
    this.pointing = new Pointing(driver, root);
    this.link = new RunLink(driver, model);
    this.saving = new SavePicture(driver, root, () => this.told());
    this.screen = new FullScreen(
      root,
      (event) => this.press(event),
      (filled) => this.showFilled(filled),
    );
    this.build();
    driver.listeners.add(this.listener);
    this.update();
    this.awaitFigures();
  }

  build() {
    const { driver } = this;
    for (const speed of SPEEDS) this.speed.append(make("option", { value: speed }, `${speed}×`));
    const keys = make(
      "details",
      { class: "kit-twin" },
      make("summary", {}, "Keys"),
      make("ul", {}, ...KEYS.map(([key, does]) => make("li", {}, make("kbd", {}, key), ` ${does}`))),
    );
    const bar = make(
      "div",
      { class: "kit-bar", role: "toolbar", "aria-label": "Playback" },
      button("first", ["To the start", "Home"], () => driver.step(-driver.end)),
      this.back,
      this.play,
      this.forward,
      button("last", ["To the end", "End"], () => driver.step(driver.end)),
      this.slider,
      this.clock,
      this.steps,
      this.speed,
      this.link.button,
      this.fill,
      this.link.element,
    );
    this.root.classList.add("kit-player");
    this.root.addEventListener("keydown", (event) => this.press(event));
    const { fold, line } = this.narration;
    const folded = make(
      "div",
      { class: "kit-folded" },
      fold,
      this.details,
      keys,
      this.saving.fold,
      this.pointing.element,
    );
    this.root.append(this.head, bar, this.hold, this.notice, line, this.spoken, folded);
    keepKeys(this.root);
    this.watchHead();
  }

  /** What a step is now. */
  get unit() {
    return /** @type {import("./steps.js").Unit} */ (this.steps.value);
  }

  /** Name the buttons of steps by what they do. */
  nameSteps() {
    for (const way of /** @type {const} */ (["back", "forward"]))
      nameButton(this[way], STEPS[this.unit][way]);
  }

  /** The heading may scroll away; what is below it stays in sight. */
  watchHead() {
    this.headWatcher = new ResizeObserver(() => {
      const [head, whole] = [heightOf(this.head), heightOf(this.root)];
      const { parentElement: place } = this.root;
      place?.style.setProperty("--kit-head", `${head}px`);
      // What is scrolled to, by Tab for instance, stops below what sticks.
      place?.parentElement?.style.setProperty("--kit-bar", `${Math.round(whole - head)}px`);
    });
    this.headWatcher.observe(this.head);
    this.headWatcher.observe(this.root);
  }

  /** @param {boolean} filled */
  showFilled(filled) {
    nameButton(this.fill, [filled ? "Leave full screen" : "Full screen", "f"]);
  }

  /** Title and subtitle, which change when another run is shown. */
  heading() {
    const [title, subtitle] = [this.model.get("title"), this.model.get("subtitle")];
    if (this.shown.title === title && this.shown.subtitle === subtitle) return;
    Object.assign(this.shown, { title, subtitle });
    this.head.replaceChildren(
      ...(title ? [make("div", { class: "kit-title", role: "heading", "aria-level": 3 }, title)] : []),
      ...(subtitle ? [make("div", { class: "kit-subtitle" }, subtitle)] : []),
    );
  }

  /** Say why the run goes no further, once that is noticed. */
  showHold() {
    const { driver } = this;
    const { asked, limit, end } = driver;
    const sentence = asked && `The run stops at tick ${limit} until you have answered: “${asked}”`;
    const held = limit < end;
    if (this.hold.textContent !== sentence) {
      this.hold.textContent = sentence;
      // Once it was shown its room is kept, so that pictures stay put.
      if (sentence) this.hold.style.minHeight = `${heightOf(this.hold)}px`;
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

  /** What a person does with the slider. */
  slide() {
    this.driver.pause();
    this.driver.seek(Number(this.slider.value));
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.model.set("speed", speed);
    this.update();
    if (!this.driver.playing) this.driver.settle();
  }

  /**
   * Keys work wherever the focus is inside the player.
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const tag = event.target instanceof Element ? event.target.tagName : "";
    const speed = SPEEDS.indexOf(this.model.get("speed"));
    /** @type {Record<string, () => void>} */
    const actions = {
      " ": () => this.driver.toggle(),
      ArrowLeft: () => this.driver.stepBy(event.shiftKey ? "event" : "tick", -1),
      ArrowRight: () => this.driver.stepBy(event.shiftKey ? "event" : "tick", 1),
      ",": () => this.driver.stepBy("line", -1),
      ".": () => this.driver.stepBy("line", 1),
      n: () => this.driver.stepBy("change", 1),
      p: () => this.driver.stepBy("change", -1),
      Home: () => this.driver.step(-this.driver.end),
      End: () => this.driver.step(this.driver.end),
      "+": () => this.setSpeed(SPEEDS[Math.min(speed + 1, SPEEDS.length - 1)]),
      "-": () => this.setSpeed(SPEEDS[Math.max(speed - 1, 0)]),
      f: () => this.screen.toggle(),
      l: () => this.link.press(),
    };
    const action = actions[event.key];
    if (action === undefined || tag === "SELECT") return;
    if (event.key === " " && ["BUTTON", "SUMMARY"].includes(tag)) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  update() {
    const { driver, shown } = this;
    const tick = Math.floor(driver.tick);
    const sentence = driver.sentence();
    const now = performance.now();
    this.heading();
    if (this.notice.textContent !== driver.problem) this.notice.textContent = driver.problem;
    this.showHold();
    this.slider.max = String(driver.end);
    this.slider.value = String(tick);
    this.slider.style.setProperty("--limit", `${(100 * driver.limit) / Math.max(driver.end, 1)}%`);
    this.slider.style.setProperty("--done", `${(100 * driver.tick) / Math.max(driver.end, 1)}%`);
    if (shown.tick !== tick || shown.sentence !== sentence || shown.end !== driver.end) {
      this.clock.textContent = `t = ${tick} / ${driver.end}`;
      this.narration.show(tick, sentence, driver.details());
      Object.assign(shown, { tick, sentence, end: driver.end });
    }
    this.changes.update();
    this.pointing.update();
    this.link.update();
    this.saving.stretch.offer();
    if (shown.playing !== driver.playing) {
      shown.playing = driver.playing;
      this.root.closest(WHOLE)?.classList.toggle("kit-moving", driver.playing);
      this.play.replaceChildren(icon(driver.playing ? "pause" : "play"));
      nameButton(this.play, [driver.playing ? "Pause" : "Play", "Space"]);
    }
    this.speed.value = String(this.model.get("speed"));
    const passing = driver.playing || this.saving.stretch.running;
    if (!passing || now - this.spokenAt > SPOKEN) {
      this.spokenAt = now;
      this.say(spoken(sentence));
    }
  }

  /**
   * Update what only readers of words need, less often than the picture.
   * @param {string} sentence
   */
  say(sentence) {
    if (this.spoken.textContent !== sentence) this.spoken.textContent = sentence;
    if (this.details.open) this.words.replaceChildren(...this.inWords());
    this.labelFigures();
  }

  labelFigures() {
    this.keepFolds();
    for (const scene of this.driver.scenes) labelFigure(scene, this.driver);
  }

  /** The stage is there once its figures are looked for. */
  keepFolds() {
    const stage = this.root.closest(".kit-stage");
    if (stage instanceof HTMLElement && this.folds === undefined) {
      this.folds = keepFolds(stage, () => this.model.get("title"));
    }
    this.folds?.restore();
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
    this.saving.stretch.stop();
    this.narration.dispose();
    this.changes.dispose();
    this.pointing.dispose();
    this.link.dispose();
    this.headWatcher?.disconnect();
    this.screen.dispose();
    this.folds?.end();
    this.driver.listeners.delete(this.listener);
    clearTimeout(this.waiting);
  }

  /** What a picture that is saved is called, and says in words. */
  told() {
    const words = this.inWords().flatMap((section) => [...section.querySelectorAll("h4, li")]);
    const told = words.map((one) => one.textContent ?? "");
    return { title: this.model.get("title"), words: [spoken(this.driver.sentence()), ...told] };
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

export default () => {
  /** @type {Driver} */
  let driver;
  return {
    /** @param {Place<PlayerTraits>} place */
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
      const connection = new Connection(model, () => driver.lose(connection.lost));
      if (connection.lost) driver.lose(true);
      model.on("change:title change:subtitle change:links", () => driver.draw());
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
    /** @param {Place<PlayerTraits>} place */
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
