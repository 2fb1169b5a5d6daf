/**
 * Going along the steps of a graph of states, and what is told of a state.
 */

/** Where somebody is in a graph of states, how they came there, and which step is next. */
export class GraphWalk {
  /** @param {GraphOfStatesTraits} graph */
  constructor(graph) {
    this.graph = graph;
    this.at = 0;
    /** @type {number[]} */
    this.came = [];
    /** @type {number[][]} */
    this.leaving = graph.places.map(() => []);
    /** @type {number[][]} */
    this.arriving = graph.places.map(() => []);
    graph.steps.forEach(([source, target], step) => {
      this.leaving[source]?.push(step);
      this.arriving[target]?.push(step);
    });
    const across = (/** @type {number} */ step) => graph.places[graph.steps[step]?.[1] ?? 0]?.[1] ?? 0;
    for (const row of this.leaving) row.sort((one, other) => across(one) - across(other));
    this.next = 0;
    this.judged = graph.outcomes.some(([, good]) => !good);
    this.settle();
  }

  /** The numbers of the steps that lead from here, as they are drawn. */
  get choices() {
    return this.leaving[this.at] ?? [];
  }

  /** The step that is taken next; undefined at an end. */
  get candidate() {
    return this.choices[this.next];
  }

  /** Choose the step of the way that is marked, if one leads on from here. */
  settle() {
    const way = new Set(this.way);
    this.next = Math.max(
      0,
      this.choices.findIndex((step) => way.has(step)),
    );
  }

  /** The steps of the way that is marked. */
  get way() {
    return this.graph.ways[this.graph.outcome] ?? [];
  }

  /** The states of the way that is marked, the first one first. */
  get wayStates() {
    return [0, ...this.way.map((step) => this.graph.steps[step]?.[1] ?? 0)];
  }

  /** The last state of a way to a bad end from which a good one can be reached; -1 if there is none. */
  get noReturn() {
    if (this.graph.outcomes[this.graph.outcome]?.[1]) return -1;
    return this.wayStates.filter((state) => this.canEndWell(state)).at(-1) ?? -1;
  }

  /** @param {number} state */
  canEndWell(state) {
    return (this.graph.reach[state] ?? []).some((outcome) => this.graph.outcomes[outcome]?.[1]);
  }

  /** @param {number} state */
  go(state) {
    if (state === this.at) return;
    this.came.push(this.at);
    this.at = state;
    this.settle();
  }

  /** Take the step that is next. */
  forwards() {
    const step = this.graph.steps[this.candidate ?? -1];
    if (step) this.go(step[1]);
  }

  /** Go back to where one came from; to a state before this one, if that is where one began. */
  back() {
    const step = this.graph.steps[this.arriving[this.at]?.[0] ?? -1];
    const before = this.came.pop() ?? step?.[0];
    if (before === undefined) return;
    this.at = before;
    this.settle();
  }

  /**
   * Choose another step to be next.
   * @param {number} by 1 for the one that is drawn after it, -1 for the one before
   */
  choose(by) {
    const { length } = this.choices;
    if (length) this.next = (this.next + by + length) % length;
  }

  /** @param {number} state */
  title(state) {
    const layer = this.graph.places[state]?.[0] ?? 0;
    const steps = layer === 1 ? "1 step" : `${layer} steps`;
    return `State ${state + 1} of ${this.graph.places.length}, ${layer ? `after ${steps}` : "the beginning"}`;
  }

  /**
   * Where threads are in a state, and what variables hold.
   * @param {number} state
   */
  facts(state) {
    return (this.graph.told[state] ?? []).map((text) => this.graph.texts[text] ?? "");
  }

  /**
   * How an outcome is called: its number in the list, its words, and whether it is good.
   * @param {number} outcome
   */
  called(outcome) {
    const [words, good] = this.graph.outcomes[outcome] ?? ["", true];
    return `${outcome + 1}: ${words}${this.judged ? ` (${good ? "good" : "bad"})` : ""}`;
  }

  /**
   * What can come of a state, in sentences.
   * @param {number} state
   */
  prospects(state) {
    const { ends, reach, outcomes } = this.graph;
    const end = ends[state] ?? -1;
    const told = [];
    if (state === this.noReturn) told.push("Up to here this run could still have gone well.");
    else if (this.wayStates.includes(state)) told.push("It is on the way that is marked.");
    if (end >= 0) return [`Here the run ends. Outcome ${this.called(end)}.`, ...told];
    const open = reach[state] ?? [];
    if (open.length === outcomes.length && open.length > 1) told.push("Every outcome can still be reached.");
    else told.push(`Can still be reached: ${open.map((one) => this.called(one)).join("; ")}.`);
    if (this.judged && !this.canEndWell(state)) told.push("A good end can no longer be reached.");
    return told;
  }

  /**
   * What the thread does in a step, and what has changed then.
   * @param {number} step
   */
  deed(step) {
    const [, , does, changes] = this.graph.steps[step] ?? [0, 0, 0, []];
    const text = (/** @type {number} */ one) => this.graph.texts[one] ?? "";
    return `${text(does)}${changes.length ? `: ${changes.map(text).join(", ")}` : ""}`;
  }

  /**
   * The same, and where it leads.
   * @param {number} step
   */
  stepWords(step) {
    return `${this.deed(step)} → state ${(this.graph.steps[step]?.[1] ?? 0) + 1}`;
  }

  /**
   * The name of the thread that takes a step.
   * @param {number} step
   */
  thread(step) {
    return (this.graph.texts[this.graph.steps[step]?.[2] ?? -1] ?? "").split(" ")[0] ?? "";
  }
}
