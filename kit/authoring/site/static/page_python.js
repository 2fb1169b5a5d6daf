/**
 * Python for a page: made ready once, and on later visits taken up where it was ready.
 *
 * Most of a start is imports. What Python has in its memory after them is kept in the browser's
 * cache, and put back as it was. Files are no part of its memory, so they are written each time.
 */
import createModule from "./pyodide.asm.mjs";
import { loadPyodide } from "./pyodide.mjs";

const HERE = new URL(".", import.meta.url);
const MEMORY = new URL("memory", HERE).href;
/** A place of its own for each site: it has the Python of one build only. */
const CACHE = `os-course-kit ${new URL("..", HERE).pathname}`;
const PATH = "/kit";
const PAGE = 65536; // bytes by which memory grows
const PIECE = 1 << 20; // bytes
const BLOCK = 512; // bytes by which an archive is counted
const GZIP = 0x8b1f;
const READY = `
import sys
sys.path[:0] = ["/lesson", "${PATH}"]
import page_kernel
kernel = page_kernel.made_ready()
`;

/** @type {(address: string | URL) => Promise<Response>} */
export async function got(address) {
  const answer = await self.fetch(address);
  if (!answer.ok) throw new Error(`${address} is not there (${answer.status})`);
  return answer;
}

/** The files of the kit and its libraries, as an archive; some servers have unpacked it already. */
async function archive() {
  const raw = await got(new URL("kit.tar.gz", HERE)).then((answer) => answer.arrayBuffer());
  if (new DataView(raw).getUint16(0, true) !== GZIP) return new Uint8Array(raw);
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {any} system of files
 * @param {Uint8Array} tar
 */
function unpack(system, tar) {
  const decoder = new TextDecoder();
  const text = (/** @type {number} */ at, /** @type {number} */ length) =>
    decoder.decode(tar.subarray(at, at + length)).split("\0")[0];
  for (let at = 0; at < tar.length && tar[at] !== 0; ) {
    const [name, size, above] = [text(at, 100), parseInt(text(at + 124, 12), 8), text(at + 345, 155)];
    const path = `${PATH}/${above ? `${above}/` : ""}${name}`;
    const start = at + BLOCK;
    system.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    system.writeFile(path, tar.subarray(start, start + size), { canOwn: true });
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/**
 * What a visit before has kept; nothing if there was none, or it cannot be had.
 * @returns {Promise<Uint8Array | null>}
 */
export async function keptMemory() {
  try {
    const answer = await (await caches.open(CACHE)).match(MEMORY);
    return answer ? new Uint8Array(await answer.arrayBuffer()) : null;
  } catch {
    return null; // a browser may have no cache for this page, or refuse it
  }
}

/**
 * A copy that the browser keeps outside of this tab, made through a window of it: what is given to
 * it in one piece stays in the tab until the browser looks for garbage, which is long after.
 * @param {Uint8Array} bytes
 */
function outside(bytes) {
  const pieces = [];
  const piece = new Uint8Array(PIECE);
  for (let at = 0; at < bytes.length; at += PIECE) {
    const part = bytes.subarray(at, at + PIECE);
    piece.set(part);
    pieces.push(new Blob([piece.subarray(0, part.length)]));
  }
  return new Blob(pieces);
}

/**
 * Keep Python's memory for the next visit, in place of that of another build.
 * @param {Uint8Array | null} memory nothing if what is kept is of no use
 */
export async function keepMemory(memory) {
  try {
    const cache = await caches.open(CACHE);
    for (const old of await cache.keys()) await cache.delete(old);
    if (memory) await cache.put(MEMORY, new Response(outside(memory)));
  } catch {
    // The next visit makes it ready anew.
  }
  /** @type {any} */ (memory?.buffer)?.transfer?.(0); // gives its room back at once
}

/**
 * Load Python with its memory as it was.
 * @param {Uint8Array} memory
 */
function takenUp(memory) {
  const [, start] = new Uint32Array(memory.buffer, memory.byteOffset, 2);
  const size = memory.length - start;
  if (size <= 0 || size % PAGE !== 0) throw new Error("this is no memory of Python");
  /** @type {Uint8Array | null} */
  let kept = memory;
  return loadPyodide({
    _loadSnapshot: {
      // biome-ignore lint/suspicious/noThenProperty: Pyodide awaits what it is given, and keeps it; this keeps nothing.
      then(/** @type {(memory: Uint8Array | null) => void} */ take) {
        take(kept);
        kept = null;
      },
    },
    createPyodideModule: async (/** @type {object} */ settings) => {
      const made = await createModule(settings);
      // Pyodide copies the memory without making room for it.
      if (size > made.HEAP8.length) made.growMemory(size);
      return made;
    },
  });
}

/**
 * @param {Uint8Array | null} memory as it was kept
 * @returns {Promise<{python: any, memory: Uint8Array | null}>} with what is to be kept
 */
export async function pythonReady(memory) {
  const files = archive();
  if (memory) {
    const python = await takenUp(memory);
    unpack(python.FS, await files);
    return { python, memory: null };
  }
  const loading = loadPyodide({ _makeSnapshot: true, createPyodideModule: createModule });
  const [python, tar] = await Promise.all([loading, files]);
  unpack(python.FS, tar);
  python.runPython(READY);
  return { python, memory: python.makeMemorySnapshot() };
}
