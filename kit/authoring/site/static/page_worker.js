/**
 * Python in a worker of its own, so that the page goes on playing while it computes.
 *
 * It stands beside all that it loads, in a folder whose name changes with what is in it.
 */
import { got, keepMemory, keptMemory, pythonReady } from "./page_python.js";

const CONNECT = `
from pyodide.ffi import to_js
page_kernel.connect(
    kernel, lambda text, buffers: tell(text, to_js(buffers)), answers_file, answers_text, generation
)
def take(text, buffers):
    kernel.take(text, [one.to_bytes() for one in buffers])
def run(number, source):
    return to_js([kernel.run(number, source), *kernel.shown])
def watch():
    page_kernel.watch_answers(kernel)
`;

/** @type {{cells: {number: number, source: string, models: string[]}[]} | null} */
let lesson = null;
/** @type {Record<string, any>} what Python is asked; nothing before it is loaded */
let python = {};
let next = 0;
let watching = false;
/** @type {Uint8Array | null} Python's, to be kept when there is time for it */
let memory = null;

/** @type {(message: object, buffers?: Uint8Array[]) => void} */
const say = (message, buffers = []) =>
  self.postMessage({ ...message, buffers }, { transfer: buffers.map((one) => one.buffer) });

/**
 * Let everything that is fetched be counted, so that the page can show how far it is.
 * @param {number} total
 */
function count(total) {
  const plain = self.fetch.bind(self);
  let done = 0;
  self.fetch = async (...asked) => {
    const answer = await plain(...asked);
    if (!answer.ok || !answer.body) return answer;
    const counter = new TransformStream({
      transform(chunk, controller) {
        done += chunk.byteLength;
        say({ kind: "progress", part: Math.min(1, done / total) });
        controller.enqueue(chunk);
      },
    });
    const { status, headers } = answer;
    return new Response(answer.body.pipeThrough(counter), { status, headers });
  };
}

/**
 * Put the files that a lesson names beside it.
 * @param {any} system
 * @param {Record<string, string>} files in base64, by their paths
 */
function write(system, files) {
  for (const [name, content] of Object.entries(files)) {
    const path = `/lesson/${name}`;
    system.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    system.writeFile(
      path,
      Uint8Array.from(atob(content), (one) => one.charCodeAt(0)),
    );
  }
}

/**
 * Python as a visit before has left it, or else made ready.
 * @param {number} total bytes that are fetched
 */
async function ready(total) {
  const kept = await keptMemory();
  try {
    if (kept) return await pythonReady(kept);
  } catch {
    await keepMemory(null);
  }
  // Only what comes as it was sent can a browser compile while it comes, or keep compiled.
  count(total);
  return pythonReady(null);
}

/** @param {{cells: string, total: number, answersFile: string, answers: string, generation: number}} asked */
async function start({ cells, total, answersFile, answers, generation }) {
  const told = got(cells).then((answer) => answer.json());
  const [made, whole] = await Promise.all([ready(total), told]);
  const loaded = made.python;
  lesson = whole;
  memory = made.memory;
  loaded.setStdout({ batched: (/** @type {string} */ text) => say({ kind: "printed", text }) });
  loaded.setStderr({ batched: (/** @type {string} */ text) => say({ kind: "printed", text }) });
  write(loaded.FS, whole.files);
  const names = loaded.globals;
  names.set("answers_file", answersFile);
  names.set("answers_text", answers);
  names.set("generation", generation);
  names.set("tell", (/** @type {string} */ text, /** @type {Uint8Array[]} */ buffers) => {
    say(JSON.parse(text), buffers);
  });
  loaded.runPython(CONNECT);
  python = Object.fromEntries(["take", "run", "watch"].map((name) => [name, names.get(name)]));
  say({ kind: "loaded", fetched: performance.getEntriesByType("resource").map(({ name }) => name) });
}

/**
 * Run the lesson's cells as far as one of them.
 * @param {number} last
 */
function run(last) {
  const cells = lesson?.cells ?? [];
  while (next < cells.length && cells[next].number <= last) {
    const { number, source, models } = cells[next];
    say({ kind: "begin", number });
    const [error, ...shown] = python.run(number, source);
    next += 1;
    say({ kind: "cell", number, models, error, shown });
  }
  if (!watching) python.watch();
  watching = true;
  say({ kind: "ran", last });
  if (memory) keepMemory(memory);
  memory = null;
}

let doing = Promise.resolve();
self.onmessage = ({ data }) => {
  doing = doing
    .then(async () => {
      if (data.do === "start") await start(data);
      else if (data.do === "run") run(data.last);
      else python.take(data.text, data.buffers);
    })
    .catch((error) => say({ kind: "broken", error: String(error?.message ?? error) }));
};
