/**
 * Keeps answers in this browser, and takes them to and from files that Jupyter reads as well.
 */
"use strict";

(() => {
  const FORMAT = "os-course-kit answers";
  const VERSION = 1;
  /** So many tries of an answer are kept: the first one, and the last ones. */
  const MOST_TRIES = 20;
  const { ideaOf, isRight, roundAnswered, roundsOf } = window.kitEvaluation;

  /** @typedef {Omit<PredictTraits, "places">} Question what is stored of one */

  /** @type {(question: Instance) => Pick<Instance, "form" | "order" | "choices">} */
  const asked = ({ form, order, choices }) => ({ form, order, choices });
  /** @type {(number: number, word: string) => string} */
  const plural = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  /** The time as answers have it. */
  const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

  /**
   * The question that a stored widget is, if it is one.
   * @param {StoredState} traits
   * @returns {Question | null}
   */
  function questionOf(traits) {
    return traits._without_kernel?.role === "question"
      ? /** @type {Question & StoredState} */ (traits)
      : null;
  }

  /**
   * The explanation that a stored widget is, if it is one.
   * @param {StoredState} traits
   * @returns {ExplainTraits | null}
   */
  function explanationOf(traits) {
    return traits._without_kernel?.role === "explanation"
      ? /** @type {ExplainTraits & StoredState} */ (traits)
      : null;
  }

  /**
   * Tell whether something is what is kept of an exercise.
   * @param {ExerciseRecord} record of a file, in which anything may stand
   */
  function isWork({ text, passed, tries, hints_shown: hints }) {
    const whole = Number.isInteger(tries) && Number.isInteger(hints);
    return typeof text === "string" && typeof passed === "boolean" && whole;
  }

  /**
   * The instance of a question that an answer is to, if there is one.
   * @param {Question} question
   * @param {AnswerRecord} record of a file, in which anything may stand
   * @returns {Instance | undefined}
   */
  function instanceOf(question, record) {
    const rounds = roundsOf(question);
    return record?.instance === undefined ? rounds[0] : rounds.find(({ key }) => key === record.instance);
  }

  /**
   * The wrong answers that are kept with an answer, if they can be such.
   * @param {AnswerRecord} record of a file, in which anything may stand
   */
  function missesOf({ misses }) {
    const known = Array.isArray(misses) && misses.every(Array.isArray);
    return known ? misses : [];
  }

  /**
   * Tell whether something is an answer that can be shown for a question.
   * @param {Instance | undefined} question
   * @param {AnswerRecord} record of a file, in which anything may stand
   */
  function fits(question, record) {
    if (!question) return false;
    const { choices, form } = question;
    const chosen = record?.chosen;
    if (!Array.isArray(chosen) || chosen.length === 0 || !Number.isInteger(record.tries)) return false;
    if (typeof record.time !== "string" || new Set(chosen).size !== chosen.length) return false;
    const whole = chosen.every((place) => Number.isInteger(place) && place >= 0 && place < choices.length);
    if (form === "order") return whole && chosen.length === choices.length;
    return whole && (form === "several" || chosen.length === 1);
  }

  /**
   * Tell whether something is what is kept of an explanation.
   * @param {ExplainTraits} traits of the explanation
   * @param {any} record of a file, in which anything may be
   */
  function isExplanation({ rubric }, record) {
    const { text, ticked, tries } = record ?? {};
    const known = (/** @type {unknown} */ place) => Number.isInteger(place) && Number(place) in rubric;
    return (
      typeof text === "string" && Number.isInteger(tries) && Array.isArray(ticked) && ticked.every(known)
    );
  }

  /** @param {ExerciseRecord} record */
  function sheetOf({ passed, hints_shown }) {
    const told = { state: "passed", verdict: "This has passed a check before.", findings: [] };
    return { hints_shown, ...(passed ? told : null) };
  }

  /**
   * Return the tries of an answer, the new one among them, as Python keeps them.
   * @param {AnswerRecord | undefined} before
   * @param {AnswerRecord} record
   */
  function withTry(before, record) {
    const only = before?.tries === 1 ? [tryOf(before)] : [];
    const known = Array.isArray(before?.history) ? before.history : only;
    const [first, ...others] = [...known, tryOf(record)];
    return [first, ...others.slice(1 - MOST_TRIES)];
  }

  /** @param {AnswerRecord} record */
  function tryOf({ tries, time, chosen, instance, idea }) {
    return { try: tries, time, chosen, ...(instance ? { instance } : null), ...(idea ? { idea } : null) };
  }

  class Keeper {
    /** @param {States} state */
    constructor(state) {
      this.state = state;
      this.notebook = document.body.dataset.notebook ?? "";
      this.name = `os-course-kit ${location.pathname}`;
      /** @type {Map<string, {traits: Question, model: Model<PredictTraits> | null}>} */
      this.questions = new Map();
      /** @type {Map<string, {traits: ExplainTraits, model: Model<ExplainTraits> | null}>} */
      this.explanations = new Map();
      /** @type {Map<string, Set<string>>} what belongs to an exercise, by its key */
      this.exercises = new Map();
      /** @type {Map<string, Model>} models of those, by their ids */
      this.works = new Map();
      /** @type {Map<string, Model<PlayerTraits>>} */
      this.players = new Map();
      /** @type {Model<AnswersTraits> | null} */
      this.list = null;
      /** @type {Model<IdeasTraits> | null} */
      this.map = null;
      this.kept = true;
      this.taking = false;
      for (const [id, { state: stored }] of Object.entries(state)) {
        const traits = questionOf(stored);
        const key = stored._without_kernel?.exercise;
        if (key) this.exercises.set(key, (this.exercises.get(key) ?? new Set()).add(id));
        if (traits) this.questions.set(traits.key, { traits, model: null });
        const written = explanationOf(stored);
        if (written) this.explanations.set(written.key, { traits: written, model: null });
      }
      this.answers = this.read();
      for (const [key, record] of Object.entries(this.answers)) this.place(key, record);
    }

    /** @returns {Record<string, AnswerRecord | ExplanationRecord>} by the keys of what is asked */
    read() {
      try {
        return JSON.parse(localStorage.getItem(this.name) ?? "{}") ?? {};
      } catch {
        this.kept = false; // a browser may refuse it
        return {};
      }
    }

    write() {
      try {
        localStorage.setItem(this.name, JSON.stringify(this.answers));
      } catch {
        this.kept = false;
      }
    }

    /**
     * Show a record, on a model that is made or on the state that it will be made of.
     * @param {string} key
     * @param {any} record of a file, in which anything may be
     */
    place(key, record) {
      if (this.exercises.has(key)) return this.placeWork(key, record);
      if (this.explanations.has(key)) return this.placeExplanation(key, record);
      const question = this.questions.get(key);
      const answered = question && instanceOf(question.traits, record);
      if (!question || !answered || !fits(answered, record)) return false;
      const { traits, model } = question;
      const { chosen, tries } = record;
      const told = { chosen, tries, correct: isRight(asked(answered), chosen), misses: missesOf(record) };
      Object.assign(traits, told);
      this.unlock(key);
      model?.set(told);
      return true;
    }

    /**
     * Show what is kept of an exercise.
     * @param {string} key
     * @param {any} record
     * @param {boolean} shown whether models that are made show it at once
     */
    placeWork(key, record, shown = true) {
      if (!isWork(record)) return false;
      for (const id of this.exercises.get(key) ?? []) {
        const traits = this.state[id].state;
        if ("children" in traits) continue; // it is kept, and not shown
        const told = "text" in traits ? { text: record.text } : sheetOf(record);
        Object.assign(traits, told);
        if (shown) this.works.get(id)?.set(told);
      }
      return true;
    }

    /**
     * Show what is kept of an explanation.
     * @param {string} key
     * @param {any} record
     */
    placeExplanation(key, record) {
      const explanation = this.explanations.get(key);
      if (!explanation || !isExplanation(explanation.traits, record)) return false;
      const told = { text: record.text, ticked: record.ticked, tries: record.tries };
      Object.assign(explanation.traits, told);
      explanation.model?.set(told);
      return true;
    }

    /**
     * Let every player go on that a question has held, as Python does where there is a kernel.
     * @param {string} key of the question
     */
    unlock(key) {
      for (const { state } of Object.values(this.state)) {
        const { [key]: _own, ...others } = state.locks ?? {};
        if (state.locks) state.locks = others;
      }
      for (const player of this.players.values()) {
        const { [key]: own, ...others } = player.get("locks") ?? {};
        if (own !== undefined) player.set("locks", others);
      }
    }

    /**
     * A model was made.
     * @param {string} id
     * @param {Model} model
     */
    made(id, model) {
      const stored = this.state[id].state;
      if (stored.locks) this.players.set(id, /** @type {Model<PlayerTraits>} */ (model));
      const traits = questionOf(stored);
      if (stored._without_kernel?.exercise) this.works.set(id, model);
      if (traits) {
        const question = /** @type {Model<PredictTraits>} */ (model);
        const known = this.questions.get(traits.key);
        if (known) known.model = question;
        model.on("change:tries", () => this.answered(traits, question));
      } else if (explanationOf(stored)) {
        this.madeExplanation(/** @type {ExplainTraits & StoredState} */ (stored), model);
      } else if (stored._without_kernel?.role === "answers") {
        this.list = /** @type {Model<AnswersTraits>} */ (model);
        // Where there is no kernel, this is who hears what the list has to say.
        model.comm = { send: (data, _callbacks, _metadata, buffers) => this.hear(data, buffers) };
        this.tell();
      } else if (stored._without_kernel?.role === "ideas") {
        this.map = /** @type {Model<IdeasTraits>} */ (model);
        // Python knows the answers of this page alone.
        model.comm = { send: () => "" };
        this.tellIdeas();
      }
    }

    /**
     * @param {ExplainTraits} traits
     * @param {Model} made
     */
    madeExplanation(traits, made) {
      const model = /** @type {Model<ExplainTraits>} */ (made);
      const known = this.explanations.get(traits.key);
      if (known) known.model = model;
      model.on("change:tries change:ticked", () => {
        if (this.taking) return;
        const told = { text: model.get("text"), ticked: model.get("ticked"), tries: model.get("tries") };
        Object.assign(traits, told);
        /** @type {ExplanationRecord} */
        const record = { kind: "explanation", prompt: traits.prompt, ...told, time: now() };
        this.answers[traits.key] = record;
        this.write();
        this.tell();
      });
    }

    /**
     * @param {Question} traits
     * @param {Model<PredictTraits>} model
     */
    answered(traits, model) {
      const chosen = model.get("chosen");
      if (this.taking) return;
      this.unlock(traits.key);
      const [tries, misses, correct] = [model.get("tries"), model.get("misses"), model.get("correct")];
      Object.assign(traits, { chosen, tries, misses, correct });
      const round = roundAnswered(traits);
      const { choices, key } = roundsOf(traits)[round];
      const idea = ideaOf(roundsOf(traits)[round], chosen);
      const record = {
        kind: traits.kind,
        prompt: traits.prompt,
        choice: chosen.map((place) => choices[place].text),
        chosen,
        tries,
        seed: null,
        time: now(),
        ...(misses.length > 0 ? { misses } : null),
        ...(round > 0 ? { instance: key } : null),
        ...(idea ? { idea } : null),
      };
      const before = /** @type {AnswerRecord | undefined} */ (this.answers[traits.key]);
      const history = withTry(before, record);
      this.answers[traits.key] = { ...record, history };
      this.write();
      this.tell();
    }

    /**
     * @param {{content?: Message}} data
     * @param {ArrayBuffer[]} buffers
     */
    hear({ content }, buffers = []) {
      if (!content || !("do" in content) || content.do !== "import") return;
      const text = new TextDecoder().decode(buffers[0]);
      this.list?.set("status", "");
      this.list?.set("status", this.take(text, content.name));
    }

    /**
     * Take the answers of a file, and return in words what was taken.
     * @param {string} text
     * @param {string} name of the file
     */
    take(text, name) {
      /** @type {{format?: string, version?: number, answers?: Record<string, AnswerRecord>} | null} */
      let content = null;
      try {
        content = JSON.parse(text);
      } catch {
        // Told below.
      }
      if (content?.format !== FORMAT || content.version !== VERSION) {
        return `“${name}” was not imported: it is no file of answers. Nothing has changed.`;
      }
      const known = [this.questions, this.exercises, this.explanations];
      const asked = (/** @type {string} */ key) => known.some((one) => one.has(key));
      const records = Object.entries(content.answers ?? {}).filter(([key]) => asked(key));
      this.taking = true;
      const newer = records.filter(
        ([key, record]) => !(record.time <= this.answers[key]?.time) && this.place(key, record),
      );
      this.taking = false;
      for (const [key, record] of newer) this.answers[key] = record;
      this.write();
      this.tell();
      return `${plural(newer.length, "answer")} imported.`;
    }

    /** The file in which Python keeps answers: as it is called beside the notebook. */
    get fileName() {
      return this.notebook.replace(/\.ipynb$/, ".answers.json");
    }

    /** All answers, as a file has them. */
    text() {
      const generator = document.querySelector("meta[name=generator]")?.getAttribute("content") ?? "";
      const kit = generator.split(" ").pop();
      const { notebook, answers } = this;
      return `${JSON.stringify({ format: FORMAT, version: VERSION, kit, notebook, answers }, null, 1)}\n`;
    }

    /**
     * Keep what Python has kept: what was done with exercises, of which only Python knows.
     * @param {string} text
     */
    takeOfPython(text) {
      const { answers } = JSON.parse(text);
      for (const key of this.exercises.keys()) {
        if (!answers[key]) continue;
        this.answers[key] = answers[key];
        this.placeWork(key, answers[key], false); // Python shows it while it is there
      }
      this.write();
      this.tell();
    }

    /** Bring the map of ideas up to date. */
    tellIdeas() {
      this.map?.set("kept", window.kitCourseIdeas(this.name, this.answers));
    }

    /** Bring the list of answers and the map of ideas up to date. */
    tell() {
      this.tellIdeas();
      if (!this.list) return;
      const left = [...this.questions.values()].map(({ traits }) => traits);
      const explanations = [...this.explanations.values()].map(({ traits }) => traits);
      /** @type {Entry[]} */
      const entries = this.list.get("entries").map(({ prompt }) => {
        const explained = explanations.find((one) => one.prompt === prompt);
        if (explained) return { prompt, tries: explained.tries, state: explained.tries ? "written" : "open" };
        const at = left.findIndex((traits) => traits.prompt === prompt);
        const [traits] = at < 0 ? [] : left.splice(at, 1);
        if (!traits) return this.workOn(prompt);
        if (traits.tries === 0) return { prompt, tries: 0, state: "open" };
        return { prompt, tries: traits.tries, state: traits.correct ? "right" : "wrong" };
      });
      const count = (/** @type {Entry["state"][]} */ ...states) =>
        entries.filter(({ state }) => states.includes(state)).length;
      const written = count("written");
      const done = count("right", "wrong", "written");
      const answered = `${done} of ${entries.length} answered, ${count("right")} right`;
      this.list.set({
        entries,
        summary: `${answered}${written ? `, ${written} written` : ""}`,
        place: this.kept ? "Kept in this browser." : "Kept until this page is closed: export them.",
        problem: "",
        file_name: this.fileName,
        content: this.text(),
      });
    }

    /**
     * How far an exercise is, for the list of answers.
     * @param {string} prompt
     * @returns {Entry}
     */
    workOn(prompt) {
      const keys = [...this.exercises.keys()];
      const key = keys.find((one) => this.answers[one]?.prompt === prompt);
      const record = /** @type {any} */ (key && this.answers[key]);
      if (!record?.tries) return { prompt, tries: 0, state: "open" };
      return { prompt, tries: record.tries, state: record.passed ? "right" : "wrong" };
    }
  }

  window.kitKeeper = (/** @type {States} */ state) => new Keeper(state);
})();
