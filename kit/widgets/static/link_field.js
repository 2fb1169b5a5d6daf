/**
 * The field into which a link to a run is pasted. On a page of a site the link is the address of
 * the page itself, which is taken at once, and again when another one is opened there.
 */
import { keepKeys, make } from "./dom.js";

/** Whether an address holds a run. */
const holdsRun = () => /[#&]run=/.test(location.hash);

/**
 * Do something when all widgets of a page are there.
 * @param {() => void} action
 * @returns {() => void} ends it
 */
function whenShown(action) {
  const { body } = document;
  const look = () => {
    if (body.dataset.shown !== "all") return;
    observer.disconnect();
    action();
  };
  const observer = new MutationObserver(look);
  observer.observe(body, { attributes: true, attributeFilter: ["data-shown"] });
  look();
  return () => observer.disconnect();
}

export default {
  /** @param {Place<object>} place */
  render({ model, el }) {
    const send = (/** @type {string} */ link) => model.send({ do: "open", link });
    const field = make("input", {
      type: "text",
      "aria-label": "Link to a run",
      placeholder: "run.html#run=…",
      spellcheck: "false",
      autocomplete: "off",
    });
    const form = make(
      "form",
      {
        class: "kit-link-field",
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          if (field.value.trim()) send(field.value);
        },
      },
      field,
      make("button", { type: "submit" }, "Open this link"),
    );
    el.append(form);
    keepKeys(form);
    // Only a page of a site has an address that may be a link; a notebook's is its own.
    if (document.body.dataset.run === undefined) return () => {};
    const take = () => {
      if (holdsRun()) send(location.href);
    };
    const end = whenShown(take);
    addEventListener("hashchange", take);
    return () => {
      end();
      removeEventListener("hashchange", take);
    };
  },
};
