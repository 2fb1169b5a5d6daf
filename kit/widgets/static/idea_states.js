/**
 * Which mistaken ideas answers show: what `kit.quiz.ideas.states_of` does in Python, so that a
 * published page works without a kernel. Without any page, so that node can test it.
 */

/** @typedef {"held" | "shaken" | "dropped"} IdeaState */
/** @typedef {[string, string]} Shown the ideas that the first and the last answer to a question show */

/**
 * The ideas that one reader's answers show, each with its state, in order of names.
 * @param {Shown[]} shown
 * @returns {[string, IdeaState][]}
 */
export function statesOf(shown) {
  const now = new Set(shown.map(([, last]) => last));
  const left = new Set(shown.filter(([first, last]) => first !== last).map(([first]) => first));
  const names = [...new Set([...now, ...left])].filter((name) => name !== "").sort();
  return names.map((name) => {
    if (!now.has(name)) return [name, "dropped"];
    return [name, left.has(name) ? "shaken" : "held"];
  });
}
