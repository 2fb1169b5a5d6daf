/**
 * A reader's map of ideas: which mistaken ones the answers show, and what is true instead.
 */
import { keepKeys, make, releasable, together } from "./dom.js";
import { statesOf } from "./idea_states.js";

/** @type {Record<import("./idea_states.js").IdeaState, [string, string, string]>} */
const STATES = {
  held: ["●", "Held", "your last answers still show it"],
  shaken: ["◐", "Shaken", "you dropped it at one question, and another answer still shows it"],
  dropped: ["✓", "Dropped", "an earlier answer showed it, your last answers no longer do"],
};
const NOTHING =
  "Nothing is answered yet. When an answer shows a mistaken idea, the idea appears here, with what is true instead.";
const NONE = "Your answers show no mistaken idea.";

class IdeasView {
  /**
   * @param {Model<IdeasTraits>} model
   * @param {HTMLElement} root
   */
  constructor(model, root) {
    this.model = model;
    this.summary = make("p", { class: "kit-summary", role: "status", "aria-live": "polite" });
    this.parts = Object.entries(STATES).map(([state, [sign, name, about]]) => {
      const [title, list] = [make("b"), make("ul", "kit-list")];
      const mark = make("span", { "aria-hidden": "true" }, `${sign} `);
      const head = make("summary", {}, mark, title, `: ${about}`);
      const element = make("details", { class: `kit-${state}`, open: true }, head, list);
      return { state, name, title, list, element };
    });
    root.classList.add("kit-ideas");
    root.setAttribute("role", "group");
    root.setAttribute("aria-label", "Your ideas");
    root.append(this.summary, ...this.parts.map(({ element }) => element));
    keepKeys(root);
    this.update = together(() => this.show());
    this.show();
  }

  show() {
    const kept = this.model.get("kept");
    const shown = kept.flatMap((one) => one.shown);
    const states = statesOf(shown);
    const counts = this.parts.map((part) => {
      const names = states.filter(([, state]) => state === part.state).map(([name]) => name);
      part.title.textContent = `${part.name} (${names.length})`;
      part.element.hidden = names.length === 0;
      part.list.replaceChildren(...names.map((name) => this.idea(name)));
      return `${names.length} ${part.state}`;
    });
    const none = shown.length === 0 ? NOTHING : NONE;
    const said = states.length === 0 ? none : `Mistaken ideas in your answers: ${counts.join(", ")}.`;
    // What is the same is not announced again.
    if (this.summary.textContent !== said) this.summary.textContent = said;
  }

  /**
   * An idea, what is true instead, and the lessons in which answers show it.
   * @param {string} name
   */
  idea(name) {
    const { idea = name, instead = "", source = "" } = this.model.get("known")[name] ?? {};
    const told = make("li", {}, make("q", {}, idea));
    if (instead) {
      const from = source && ` (${source})`;
      told.append(make("p", {}, make("b", {}, "In fact: "), instead, make("span", "kit-source", from)));
    }
    const met = this.model.get("kept").filter(({ shown }) => shown.some((pair) => pair.includes(name)));
    const links = met.flatMap(({ lesson, href }, at) => {
      const link = href ? make("a", { href }, lesson) : lesson;
      return at > 0 ? [", ", link] : [link];
    });
    told.append(make("p", {}, "Lesson: ", ...links));
    return told;
  }
}

const SHOWN = ["kept", "known"];

export default releasable((/** @type {Model<IdeasTraits>} */ model, root) => {
  const view = new IdeasView(model, root);
  for (const name of SHOWN) model.on(`change:${name}`, view.update);
  return () => {
    for (const name of SHOWN) model.off(`change:${name}`, view.update);
  };
});
