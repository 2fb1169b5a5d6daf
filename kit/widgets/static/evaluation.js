/**
 * Whether an answer is right and what is told of it: what `Question.feedback` does in Python,
 * so that a question works without a kernel. Without any page, so that node can test it.
 */

/** @typedef {Pick<PredictTraits, "form" | "order" | "choices">} Judged what it takes to judge */
/** @typedef {Judged & Pick<PredictTraits, "why" | "tick">} Asked what it takes to tell why */

/**
 * The places that make the right answer; of an order, in that order.
 * @param {Judged} asked
 */
export function rightPlaces({ form, order, choices }) {
  if (form === "order") return order;
  return choices.flatMap((choice, place) => (choice.correct ? [place] : []));
}

/**
 * Tell whether the chosen places are the right answer.
 * @param {Judged} asked
 * @param {number[]} chosen
 */
export function isRight(asked, chosen) {
  const listed = asked.form === "order" ? chosen : [...chosen].sort((one, other) => one - other);
  const right = rightPlaces(asked);
  return listed.length === right.length && right.every((place, at) => listed[at] === place);
}

/**
 * The place of the choice that is told about to somebody who is wrong.
 * @param {Judged} asked
 * @param {number[]} chosen
 */
function mistake(asked, chosen) {
  if (asked.form === "order") return asked.order.find((place, at) => chosen[at] !== place) ?? 0;
  const taken = chosen.filter((place) => !asked.choices[place].correct);
  const left = rightPlaces(asked).filter((place) => !chosen.includes(place));
  const told = [...taken, ...left];
  // An idea that has a name says more than one that is just wrong.
  return told.find((place) => asked.choices[place].misconception) ?? told[0];
}

/**
 * What to tell somebody who chose these places.
 * @param {Asked} asked
 * @param {number[]} chosen
 * @returns {{correct: boolean, text: string, misconception: string, tick: number,
 *   about: string, idea: string, instead: string}}
 */
export function feedbackTo(asked, chosen) {
  if (isRight(asked, chosen)) {
    const text = asked.why || asked.choices[rightPlaces(asked)[0]].feedback;
    const nothing = { misconception: "", about: "", idea: "", instead: "" };
    return { correct: true, text, tick: asked.tick, ...nothing };
  }
  const choice = asked.choices[mistake(asked, chosen)];
  const { feedback: text, misconception, idea, instead } = choice;
  const about = ["several", "order"].includes(asked.form) ? choice.text : "";
  const tick = choice.tick ?? asked.tick;
  return { correct: false, text, misconception, tick, about, idea, instead };
}

/**
 * The name of the idea that leads to an answer; "" if it is right, or none is known.
 * @param {Judged} asked
 * @param {number[]} chosen
 */
export function ideaOf(asked, chosen) {
  if (asked.form === "order" || isRight(asked, chosen)) return "";
  const wrong = chosen.filter((place) => !asked.choices[place].correct);
  return wrong.map((place) => asked.choices[place].misconception).find((name) => name !== "") ?? "";
}

/** Wrong answers to one instance of a question after which the next one is asked. */
const ENOUGH = 2;

/**
 * The question as it is asked at first, and the instances that are asked after wrong answers.
 * @param {Omit<Instance, "pictured"> & {instances: Instance[]}} question
 * @returns {Instance[]}
 */
export function roundsOf(question) {
  const { key, prompt, form, choices, order, why, tick, at, instances } = question;
  return [{ key, prompt, form, choices, order, why, tick, at, pictured: true }, ...instances];
}

/**
 * Which of these rounds is asked now, counted from 0.
 * @param {{misses: number[][], instances: Instance[]}} state
 */
export function roundNow({ misses, instances }) {
  return Math.min(Math.floor(misses.length / ENOUGH), instances.length);
}

/**
 * Which of these rounds the last answer was given to.
 * @param {{misses: number[][], instances: Instance[], correct: boolean}} state
 */
export function roundAnswered({ misses, instances, correct }) {
  const last = correct ? misses.length : misses.length - 1;
  return Math.min(Math.max(0, Math.floor(last / ENOUGH)), instances.length);
}

/**
 * The wrong answers after another answer, as Python keeps them.
 * @param {{misses: number[][], instances: Instance[]}} state
 * @param {number[]} chosen
 * @param {boolean} correct
 */
export function missesAfter({ misses, instances }, chosen, correct) {
  if (correct) return misses.slice(0, ENOUGH * roundNow({ misses, instances }));
  const most = instances.length > 0 ? ENOUGH * (instances.length + 1) : 0;
  return misses.length < most ? [...misses, chosen] : misses;
}

/**
 * A list with the entry at a place moved by one up (-1) or down (1), as far as that goes.
 * @template Entry
 * @param {Entry[]} list
 * @param {number} place
 * @param {number} by
 */
export function moved(list, place, by) {
  const to = place + by;
  if (to < 0 || to >= list.length) return list;
  const changed = [...list];
  [changed[place], changed[to]] = [changed[to], changed[place]];
  return changed;
}
