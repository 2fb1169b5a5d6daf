// What a check does inside JupyterLab's page: open a notebook, run it, look at it, press its buttons.
window.kitCheck = (() => {
  const app = window.jupyterapp;
  const DEAD = new Set(["autorestarting", "restarting", "dead", "terminating"]);
  const WIDGET = "application/vnd.jupyter.widget-view+json";
  const TEXTS = new Set(["HTMLModel", "HTMLMathModel", "LabelModel"]);
  const PICTURES = "img, svg, canvas, video, iframe, object, input, select, textarea, button, hr";
  const LEAST = { width: 10, height: 5 };
  // After so long pressing buttons is interrupted for an answer.
  const ANSWER_SECONDS = 2;
  // What ipywidgets and JupyterLab themselves draw so, whatever a notebook does.
  /** @type {Record<string, string>} */
  const NOT_OURS = {
    "aria-input-field-name": ".widget-slider .noUi-handle",
    "button-name": ".widget-play button",
    "color-contrast": ".jp-RenderedText *",
    label: ".widget-colorpicker input[type=color]",
    "link-in-text-block": ".jp-RenderedText a",
    "scrollable-region-focusable": ".jp-OutputArea-output",
    "svg-img-alt": ".jupyter-widgets-error-widget svg",
  };
  const WITHOUT_ALT = {
    id: "image-alt",
    impact: "critical",
    help: "Images must have alternative text",
    helpUrl: "",
  };
  // What they lie in hides what overflows; the body is 0 pixels high, and the shell ends where
  // the window does. axe-core would take all that lies there for hidden, and not look at it.
  const showOverflow = (/** @type {string} */ how) => {
    const shells = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("body, .jp-LabShell"));
    for (const node of shells) node.style.overflow = how;
  };

  /** @type {NotebookPanel} what `open` opened */
  let panel;
  /** @type {HTMLButtonElement[]} what is pressed, collected when pressing begins */
  let buttons = [];
  let dead = false;
  /** @type {Promise<void>} */
  let death;

  const frame = () => new Promise(requestAnimationFrame);
  /** @type {(seconds: number) => Promise<void>} */
  const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
  // Lets the page do what else it has to do; a timer would wait some milliseconds longer.
  const task = () =>
    new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  const shell = () => panel.content.widgets;
  const numberOf = (/** @type {Element} */ node) => shell().findIndex((cell) => cell.node.contains(node)) + 1;

  // A notebook that is opened before JupyterLab has read the preferences draws its cells when they
  // come into sight: what is folded away would never be looked at.
  async function preferencesRead() {
    const factory = app.docRegistry.getWidgetFactory("Notebook");
    while (factory.notebookConfig.windowingMode !== "none") await frame();
  }

  /** @param {string} path */
  async function open(path) {
    await preferencesRead();
    panel = await app.commands.execute("docmanager:open", {
      path,
      factory: "Notebook",
      kernel: { name: "python3" },
    });
    await panel.context.ready;
    dead = false;
    death = new Promise((died) => {
      panel.sessionContext.statusChanged.connect((_, status) => {
        if (!DEAD.has(status)) return;
        dead = true;
        died();
      });
    });
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel;
    // A kernel that has answered is up: how long that took is not the notebook's doing.
    await Promise.race([kernel?.info, death]);
    return kernel?.id;
  }

  // The command is over with the first error, even one that was meant. JupyterLab then takes the cells
  // after it for done, and between two cells a kernel may rest, so each answer has to be waited for.
  const allAnswered = () => Promise.allSettled(shell().map(({ outputArea }) => outputArea?.future?.done));
  const isRunning = () => panel.sessionContext.session?.kernel?.status !== "idle";

  /**
   * "done", "died", "input" when a cell waits for a person, or "late".
   * @param {number} seconds
   */
  async function run(seconds) {
    let how = "";
    const ends = (/** @type {string} */ word) => () => {
      how ||= word;
    };
    const ran = app.commands.execute("notebook:run-all-cells");
    ran.then(allAnswered, allAnswered).then(ends("done"));
    death.then(ends("died"));
    const end = performance.now() + 1000 * seconds;
    while (!how || (how === "done" && !dead && isRunning())) {
      await pause(0.02);
      if (panel.node.querySelector(".jp-Stdin-input")) how = "input";
      if (performance.now() > end) how = "late";
    }
    // A cell that ends because its kernel has died is done before the death is known.
    return dead ? "died" : how;
  }

  function cells() {
    return shell().map(({ model }) => ({
      type: model.type,
      tags: model.getMetadata("tags") ?? [],
      blank: !model.sharedModel.source.trim(),
      count: model.executionCount ?? null,
      errors: (model.outputs?.toJSON() ?? []).filter((o) => o.output_type === "error"),
    }));
  }

  /** @typedef {{cell: number, output: Output, id: string}} Shown a widget, and the cell it is in */

  // Every output of a cell that is a widget: the cell's number, its node, its model.
  function shown() {
    return shell().flatMap((cell, index) =>
      (cell.outputArea?.widgets ?? []).flatMap((row, at) => {
        const widget = cell.model.outputs.get(at)?.data?.[WIDGET];
        const output = row.widgets.find((w) => w.node.matches(".jp-OutputArea-output"));
        return widget && output ? [{ cell: index + 1, output, id: widget.model_id }] : [];
      }),
    );
  }

  /**
   * @param {Shown} widget
   * @returns {Promise<Model<CommonTraits> | null>}
   */
  async function modelOf({ output, id }) {
    const manager = await Promise.race([output._manager?.promise, pause(0.5)]);
    return manager?.has_model(id) ? manager.get_model(id) : null;
  }

  /**
   * Whether a widget shows nothing because it was told so, or has nothing to show yet.
   * @param {Model<CommonTraits>} model
   * @returns {boolean}
   */
  function isMeantEmpty(model) {
    const [layout, name] = [model.get("layout"), model.get("_model_name")];
    if (layout?.get?.("display") === "none") return true;
    if (layout?.get?.("visibility") === "hidden") return true;
    if (name === "OutputModel") return !model.get("outputs").length;
    if (TEXTS.has(name)) return !`${model.get("value")}${model.get("description") ?? ""}`.trim();
    const children = model.get("children");
    return Array.isArray(children) && children.every((child) => isMeantEmpty(child));
  }

  /**
   * @param {Element} node
   * @returns {boolean}
   */
  function hasInk(node) {
    const { width, height } = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    if (style.visibility === "hidden" || style.opacity === "0") return false;
    if (width > 1 && height > 1) {
      if (node.matches(PICTURES)) return true;
      if (style.backgroundImage !== "none" || parseFloat(style.borderTopWidth)) return true;
      if (!/^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor)) return true;
      const texts = [...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE);
      if (texts.some((text) => text.textContent?.trim())) return true;
    }
    return [...node.children, ...(node.shadowRoot?.children ?? [])].some(hasInk);
  }

  /** @param {Shown} widget */
  async function inspect(widget) {
    const {
      cell,
      output: { node },
    } = widget;
    const root = node.firstElementChild ?? node;
    const box = root.getBoundingClientRect();
    const width = Math.max(box.width, root.scrollWidth);
    const height = Math.max(box.height, root.scrollHeight);
    // ipywidgets puts a sign in place of a view that failed, JupyterLab a text.
    const sign = node.querySelector(".jupyter-widgets-error-widget") && "there is a sign instead";
    const failed = sign || (node.firstElementChild ? "" : node.textContent.trim());
    const over = Boolean(sign); // a text may still say that the widget is being loaded
    const good = !failed && width > LEAST.width && height > LEAST.height && hasInk(root);
    const size = { width: Math.round(width), height: Math.round(height) };
    const seen = { cell, ...size, failed, good, over: good || over };
    if (good || failed) return seen;
    const closed = node.classList.contains("lm-mod-hidden");
    const model = closed ? null : await modelOf(widget);
    const meant = Boolean(closed || (model && isMeantEmpty(model)));
    return { ...seen, good: meant, over: meant };
  }

  /** @param {number} patience seconds */
  async function look(patience) {
    const widgets = shown();
    for (const { output } of widgets) {
      output.node.scrollIntoView();
      await frame();
    }
    const end = performance.now() + 1000 * patience;
    while (true) {
      await frame();
      const seen = await Promise.all(widgets.map(inspect));
      if (seen.every(({ over }) => over) || performance.now() >= end) return seen;
    }
  }

  async function judge() {
    const all = [...panel.node.querySelectorAll(".jp-Cell .jp-OutputArea-output")];
    const outputs = all.filter((o) => !o.parentElement?.closest(".jp-OutputArea-output"));
    if (!outputs.length) return [];
    showOverflow("visible");
    const { violations } = await window.axe.run(outputs, {
      resultTypes: ["violations"],
      elementRef: true,
      iframes: false,
    });
    showOverflow("");
    // JupyterLab gives a picture without words this one.
    const wordless = outputs.flatMap((o) => [...o.querySelectorAll('img[alt="Image"]')]);
    const unnamed = wordless.map((element) => ({ element, html: element.outerHTML }));
    violations.push({ ...WITHOUT_ALT, nodes: unnamed });
    return violations.flatMap(({ id, impact, help, helpUrl, nodes }) =>
      nodes
        .filter(({ element }) => !(NOT_OURS[id] && element.matches(NOT_OURS[id])))
        .map(({ element, html, failureSummary }) => ({
          cell: numberOf(element),
          rule: id,
          impact,
          help,
          url: helpUrl,
          html,
          summary: failureSummary ?? "",
        })),
    );
  }

  // Presses each button of each widget once, and says which of them raised an exception. Answers
  // after a while, to be called again from the button that is next: a page with many buttons takes
  // long, and still answers.
  async function press(/** @type {number} */ first) {
    if (first === 0) {
      const nodes = shown().map(({ output }) => output.node);
      buttons = nodes.flatMap((node) => [...node.querySelectorAll("button")]);
    }
    // A form would send the page away; a file can be chosen only by a person.
    const stay = (/** @type {Event} */ event) => event.preventDefault();
    panel.node.addEventListener("submit", stay);
    const end = performance.now() + 1000 * ANSWER_SECONDS;
    /** @type {{cell: number, label: string, message: string}[]} */
    const raised = [];
    let [button] = buttons;
    let next = first;
    const take = (/** @type {string} */ message) => {
      // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is no part of its name
      const label = button.ariaLabel || button.innerText.trim() || button.title;
      raised.push({ cell: numberOf(button), label, message });
    };
    const takeError = (/** @type {ErrorEvent} */ { message }) => take(message);
    const takeRejection = (/** @type {PromiseRejectionEvent} */ { reason }) => take(`${reason}`);
    window.addEventListener("error", takeError);
    window.addEventListener("unhandledrejection", takeRejection);
    while (next < buttons.length && performance.now() < end) {
      button = buttons[next++];
      const possible = button.isConnected && !button.disabled && button.getClientRects().length;
      if (!possible || button.matches(".widget-upload")) continue;
      button.click();
      await task();
      await task(); // a rejected promise is told a little later
    }
    window.removeEventListener("error", takeError);
    window.removeEventListener("unhandledrejection", takeRejection);
    panel.node.removeEventListener("submit", stay);
    return { raised, next, done: next === buttons.length };
  }

  async function close() {
    const { session } = panel.sessionContext;
    panel.dispose();
    if (session) app.serviceManager.sessions.shutdown(session.id).catch(() => {});
    // JupyterLab lays the page out anew, and may say something about it.
    await frame();
    await frame();
  }

  return { open, run, cells, look, judge, press, close };
})();
