/**
 * The kernel in the page: what the widgets of a page have to say goes to Python in a worker.
 *
 * Models that are on the page already stay as they are: Python runs the lesson's own cells, in
 * which it makes the same models under the same ids, and from then on hears what is done to them.
 * Nothing is loaded before somebody does what only Python can answer.
 */
"use strict";

(() => {
  const CONTROLS = "@jupyter-widgets/controls";
  const CELL = /^c(\d+)-/;
  const REFERENCE = /IPY_MODEL_([\w-]+)/g;
  const PROTOCOL = "2.1.0";

  /** @type {(model: Model) => CommModel} */
  const asHeard = (model) => /** @type {any} */ (model);
  /** @type {(id: string) => number} */
  const cellOf = (id) => Number(CELL.exec(id)?.[1] ?? -1);

  class PageKernel {
    /**
     * @param {Models} models
     * @param {Keeper} keeper
     * @param {PythonSettings} settings
     */
    constructor(models, keeper, settings) {
      this.models = models;
      this.keeper = keeper;
      this.settings = settings;
      this.line = window.kitPythonLine(() => this.stop("Python was stopped."));
      /** @type {Map<string, (message: object) => unknown>} */
      this.hearers = new Map();
      /** @type {Map<string, Record<string, unknown>>} what the reader has changed, by model */
      this.changed = new Map();
      /** @type {Map<string, Set<string>>} what Python has changed, by model */
      this.told = new Map();
      this.generation = this.count = 0;
      this.ran = this.wanted = -1; // cells: which were run, and which are to be
      this.starts = this.failed = "";
      this.doing = Promise.resolve();
      this.forget();
    }

    /** Be as before anything was started. */
    forget() {
      /** @type {Worker | null} */
      this.worker = null;
      this.generation += 1;
      /** @type {Set<string>} models of which Python hears */
      this.live = new Set();
      /** @type {Set<string>} models that Python has made */
      this.opened = new Set();
      /** @type {{id: string, data: CommData, buffers: ArrayBuffer[]}[]} */
      this.waiting = [];
      /** @type {Set<string>} models that wait for Python */
      this.pressed = new Set();
      /** @type {Map<number, () => void>} */
      this.idles = new Map();
      this.count = 0;
      this.ran = this.wanted = -1;
      this.starting = false;
      /** @type {PythonMessage[] | null} */
      this.ofCell = null;
      /** @type {Map<number, string>} why cells could not be run */
      this.failures = new Map();
      this.doing = Promise.resolve(); // what the worker has said is taken one by one
      /** @type {{resolve: () => void, reject: (error: Error) => void} | null} */
      this.waits = null;
    }

    /**
     * The end of a comm that a model has.
     * @param {string} id
     */
    comm(id) {
      return {
        comm_id: id,
        target_name: "jupyter.widget",
        on_msg: (/** @type {(message: object) => unknown} */ hear) => this.hearers.set(id, hear),
        on_close: () => undefined,
        open: () => "",
        close: () => "",
        send: (
          /** @type {CommData} */ data,
          /** @type {Callbacks} */ callbacks,
          /** @type {unknown} */ _metadata,
          /** @type {ArrayBuffer[]} */ buffers,
        ) => this.send(id, data, callbacks, buffers),
      };
    }

    /**
     * A model of the page was made: from now on it can be heard.
     * @param {string} id
     * @param {Model} made
     */
    made(id, made) {
      const model = asHeard(made);
      if (model.comm) return; // the list of answers is heard by the page
      model.comm = this.comm(id);
      this.hearers.set(id, (message) => model._handle_comm_msg(message));
      model.comm_live = true;
    }

    /**
     * Whether only Python can answer a message.
     * @param {string} id
     * @param {CommData} data
     */
    needsPython(id, data) {
      const one = this.models.state[id];
      if (!one) return false;
      const said = one.state._without_kernel;
      if (said?.role) return false;
      if (one.model_module === CONTROLS) return "disabled" in one.state;
      if (!said) return false;
      return data.method === "custom" || "selected" in (data.state ?? {});
    }

    /**
     * @param {string} id
     * @param {CommData} data
     * @param {Callbacks} callbacks
     * @param {ArrayBuffer[]} buffers
     */
    send(id, data, callbacks, buffers = []) {
      const idle = () => callbacks?.iopub?.status?.({ content: { execution_state: "idle" } });
      if (data.method === "update") {
        this.changed.set(id, { ...this.changed.get(id), ...data.state });
      } else if (data.content?.do === "cancel") {
        this.stop("Cancelled.");
        return "";
      }
      if (this.live.has(id) && !this.starting) return this.post(id, data, buffers, idle);
      if (this.needsPython(id, data)) {
        this.pressed.add(id);
        if (data.method === "custom") this.waiting.push({ id, data, buffers });
        this.wake(cellOf(id));
      }
      queueMicrotask(idle);
      return "";
    }

    /**
     * @param {string} id
     * @param {CommData} data
     * @param {ArrayBuffer[]} buffers
     * @param {() => void} idle
     */
    post(id, data, buffers, idle = () => undefined) {
      this.count += 1;
      this.idles.set(this.count, idle);
      const text = JSON.stringify({ number: this.count, id, data });
      const raw = buffers.map((one) => new Uint8Array(/** @type {any} */ (one).buffer ?? one));
      this.worker?.postMessage({ do: "message", text, buffers: raw });
      this.line.compute();
      return String(this.count);
    }

    /**
     * Run the lesson as far as a cell, then let Python hear what was done.
     * @param {number} cell
     */
    async wake(cell) {
      this.wanted = Math.max(this.wanted, cell);
      if (this.starting) return;
      const { generation } = this;
      this.starting = true;
      try {
        if (!this.worker) await this.load();
        while (this.ran < this.wanted) await this.ask({ do: "run", last: this.wanted });
        this.catchUp();
      } catch (error) {
        if (generation === this.generation) {
          await this.reset(`Python could not be started: ${/** @type {Error} */ (error).message}.`);
        }
      }
    }

    async load() {
      const { folder, total, megabytes, cells } = this.settings;
      this.starts = `Python is starting (${megabytes} MB, once) …`;
      this.line.work("Python is starting …");
      const root = new URL(document.body.dataset.root || ".", location.href);
      const address = (/** @type {string} */ name) => new URL(`assets/${name}`, root).href;
      this.worker = new Worker(address(`${folder}/page_worker.js`), { type: "module" });
      const { worker } = this;
      worker.onmessage = ({ data }) => {
        // What one that was stopped had still to say is left unheard.
        const hear = () => (worker === this.worker ? this.hear(data) : undefined);
        if (worker === this.worker) this.doing = this.doing.then(hear);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        if (worker === this.worker) this.waits?.reject(new Error(event.message || "it is not there"));
      };
      await this.ask({
        do: "start",
        cells: address(cells),
        total,
        answersFile: `/lesson/${this.keeper.fileName}`,
        answers: this.keeper.text(),
        generation: this.generation,
      });
    }

    /**
     * Ask the worker for something that it says the end of.
     * @param {object} what
     * @returns {Promise<void>}
     */
    ask(what) {
      return new Promise((resolve, reject) => {
        this.waits = { resolve, reject };
        this.worker?.postMessage(what);
      });
    }

    /** Tell Python what the reader has changed, and then what they have pressed. */
    catchUp() {
      this.starting = false;
      for (const [id, state] of this.changed) {
        if (this.live.has(id)) this.post(id, { method: "update", state }, []);
      }
      for (const { id, data, buffers } of this.waiting.splice(0)) {
        if (this.live.has(id)) this.post(id, data, buffers);
      }
      const dead = [...this.pressed].find((id) => !this.live.has(id));
      this.pressed.clear();
      if (dead) {
        const why = this.failures.get(cellOf(dead)) ?? "Python has made something else here";
        this.line.rest(`This cannot run in a page: ${why}.`);
      } else if (this.idles.size === 0) this.line.rest();
    }

    /**
     * The worker has said something.
     * @param {PythonMessage} message
     */
    async hear(message) {
      const { kind } = message;
      if (kind === "progress") {
        const all = message.part >= 1;
        this.line.work(all ? "Python is getting ready …" : this.starts, all ? null : message.part);
      } else if (kind === "loaded") {
        window.kitOffline?.(message.fetched);
        this.waits?.resolve();
      } else if (kind === "begin") {
        this.ofCell = [];
        this.line.work("Python is running this lesson …");
      } else if (kind === "cell") {
        await this.take(message);
      } else if (kind === "ran") {
        this.ran = message.last;
        this.waits?.resolve();
      } else if (kind === "broken") {
        await this.reset(`Python has stopped: ${message.error}.`);
      } else if (kind === "answers") {
        this.keeper.takeOfPython(message.text);
      } else if (kind === "failed") {
        this.failed = message.error;
      } else if (kind === "idle") {
        this.idle(message.parent);
      } else if (kind.startsWith("comm_")) {
        if (this.ofCell) this.ofCell.push(message);
        else await this.deliver(message);
      }
    }

    /** @param {number} number of the message that is done with */
    idle(number) {
      this.idles.get(number)?.();
      this.idles.delete(number);
      if (this.idles.size > 0) return;
      this.line.rest(this.failed ? `Python says: ${this.failed}` : "");
      this.failed = "";
    }

    /**
     * A cell was run: what it has made is what is on the page, or takes its place.
     * @param {PythonMessage} cell
     */
    async take({ number, models, error, shown }) {
      const messages = this.ofCell ?? [];
      this.ofCell = null;
      const opened = messages.filter(({ kind }) => kind === "comm_open");
      const names = opened.map(({ data }) => data.state?._model_name);
      const same = names.length === models.length && names.every((one, at) => one === models[at]);
      if (error) this.failures.set(number, error);
      if (!same && !error) await this.clear(number);
      for (const message of messages) {
        const known = message.id in this.models.state;
        if (!known) await this.deliver(message);
        else if (same && message.kind === "comm_open") this.live.add(message.id);
      }
      if (!same && !error) await this.models.showAgain(number, shown);
    }

    /**
     * Forget the models of a cell that Python has made otherwise.
     * @param {number} number
     */
    async clear(number) {
      for (const id of Object.keys(this.models.state).filter((one) => cellOf(one) === number)) {
        const made = this.models.made.has(id) ? await this.models.manager.get_model(id) : null;
        delete this.models.state[id];
        this.changed.delete(id);
        if (made) asHeard(made).close(true);
      }
    }

    /**
     * Let a message of Python reach the model that it is for.
     * @param {PythonMessage} message
     */
    async deliver({ kind, id, data, metadata, buffers, parent }) {
      const { models } = this;
      const views = buffers.map((one) => new DataView(one.buffer, one.byteOffset, one.byteLength));
      try {
        await this.makeNamed(data);
        if (kind === "comm_open") {
          const told = { content: { data }, metadata: { version: PROTOCOL, ...metadata }, buffers: views };
          await models.manager.handle_comm_open(this.comm(id), told);
          this.opened.add(id);
          this.live.add(id);
        } else if (kind === "comm_close") {
          await this.close(id);
        } else if (this.live.has(id)) {
          this.note(id, data);
          if (id in models.state) await models.make(id);
          const header = { msg_id: String(parent) };
          await this.hearers.get(id)?.({
            content: { comm_id: id, data },
            buffers: views,
            parent_header: header,
          });
        }
      } catch (error) {
        // What cannot be shown must not keep the rest from being shown.
        console.error(error);
      }
    }

    /**
     * Python's word is newer than the reader's, and is to be undone if Python stops.
     * @param {string} id
     * @param {CommData} data
     */
    note(id, { method, state = {} }) {
      if (method !== "update") return;
      const own = this.changed.get(id);
      const told = this.told.get(id) ?? new Set();
      for (const name of Object.keys(state)) {
        told.add(name);
        if (own) delete own[name];
      }
      this.told.set(id, told);
    }

    /**
     * Make the models of the page that a message names and that are not made yet.
     * @param {CommData} data
     */
    async makeNamed(data) {
      for (const [, id] of JSON.stringify(data.state ?? {}).matchAll(REFERENCE)) {
        if (id in this.models.state) await this.models.make(id);
      }
    }

    /** @param {string} id */
    async close(id) {
      this.live.delete(id);
      this.opened.delete(id);
      this.hearers.delete(id);
      if (!this.models.manager.has_model(id)) return;
      asHeard(await this.models.manager.get_model(id)).close(true);
    }

    /**
     * End Python at once; what was typed and answered stays.
     * @param {string} words
     */
    stop(words) {
      this.reset(`${words} What you have typed and answered is still there.`);
    }

    /** @param {string} words */
    async reset(words) {
      const { told, opened, idles, worker, models } = this;
      worker?.terminate();
      this.forget();
      this.told = new Map();
      for (const idle of idles.values()) idle();
      this.line.rest(words);
      const known = [...told.keys()].filter((id) => id in models.state);
      await models.restore(known);
      for (const id of known) {
        const model = await models.manager.get_model(id);
        model.set(/** @type {any} */ (this.changed.get(id) ?? {}));
      }
      for (const id of opened) await this.close(id);
    }
  }

  window.kitKernel = (models, keeper, settings) => new PageKernel(models, keeper, settings);
})();
