// Keeps what was chosen, and hands it in once, as a file that `kit grade` reads.
// Everything that is looked for here is in the template of the page.
(() => {
  /** @typedef {HTMLInputElement | HTMLSelectElement} Field */

  const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const told = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const sets = [...form.querySelectorAll("fieldset")];
  const notebook = form.dataset.notebook ?? "";
  const kept = `kit-exam:${notebook}:${sets[0]?.dataset.key}`;

  /** @param {ParentNode} inside @returns {Field[]} */
  const fieldsIn = (inside) => [...inside.querySelectorAll("[data-place]")].map(asField);

  /** @param {Element} element @returns {Field} */
  const asField = (element) => /** @type {Field} */ (element);

  /** @param {Field} field */
  const given = (field) => (field instanceof HTMLSelectElement ? field.value : field.checked);

  /** @returns {{ values?: (string | boolean)[], handedIn?: boolean }} */
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(kept) ?? "{}");
    } catch {
      return {};
    }
  };

  /** @param {boolean} handedIn */
  const keep = (handedIn) => {
    try {
      localStorage.setItem(kept, JSON.stringify({ values: fieldsIn(form).map(given), handedIn }));
    } catch {
      // What is handed in is in the file all the same.
    }
  };

  /** @param {HTMLFieldSetElement} set */
  const chosenIn = (set) => {
    const inside = fieldsIn(set);
    const chosen = inside.filter((field) => given(field));
    if (set.dataset.form !== "order") return chosen;
    const different = new Set(chosen.map((field) => field.value)).size;
    const sorted = chosen.sort((one, other) => Number(one.value) - Number(other.value));
    return different === inside.length ? sorted : [];
  };

  const answers = () => {
    const time = `${new Date().toISOString().slice(0, 19)}Z`;
    /** @type {Record<string, object>} */
    const found = {};
    for (const set of sets) {
      const chosen = chosenIn(set);
      if (chosen.length) {
        found[set.dataset.key ?? ""] = {
          kind: set.dataset.kind,
          prompt: set.dataset.prompt,
          choice: chosen.map((field) => field.dataset.text),
          chosen: chosen.map((field) => Number(field.dataset.place)),
          tries: 1,
          time,
        };
      }
    }
    return found;
  };

  /** @param {string} words */
  const lock = (words) => {
    for (const field of [...fieldsIn(form), button]) field.disabled = true;
    told.textContent = words;
  };

  const before = read();
  for (const [n, field] of fieldsIn(form).entries()) {
    const value = before.values?.[n];
    if (field instanceof HTMLSelectElement) field.value = String(value ?? "");
    else field.checked = value === true;
  }
  if (before.handedIn) lock("You have handed in.");

  form.addEventListener("change", () => keep(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = answers();
    const missing = sets.length - Object.keys(found).length;
    if (missing && told.dataset.asked !== String(missing)) {
      told.dataset.asked = String(missing);
      told.textContent = `${missing} not answered, or not fully. Press again to hand in all the same.`;
      return;
    }
    const { format, version, kit } = form.dataset;
    const content = { format, version: Number(version), kit, notebook, answers: found };
    const file = new Blob([`${JSON.stringify(content, null, 1)}\n`], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = notebook.replace(/\.ipynb$/, ".answers.json");
    link.click();
    keep(true);
    lock(`You have handed in: give ${link.download} to your lecturer.`);
  });
})();
