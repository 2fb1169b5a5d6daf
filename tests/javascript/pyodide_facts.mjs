// Runs a Python script with the kit in Pyodide, in Node.js as in a browser.

/**
 * What of Pyodide is used here.
 * @typedef {object} Pyodide
 * @property {(archive: Uint8Array, format: string) => void} unpackArchive
 * @property {{writeFile(path: string, text: string): void}} FS
 * @property {(code: string) => Promise<string>} runPythonAsync
 */

/**
 * Return what `await report()` of the script gives: text.
 * @param {() => Promise<Pyodide>} loadPyodide
 * @param {Uint8Array} archive the folder kit/ as a zip file
 * @param {string} script the text of a module
 */
export async function report(loadPyodide, archive, script) {
  const pyodide = await loadPyodide();
  pyodide.unpackArchive(archive, "zip");
  pyodide.FS.writeFile("portable.py", script);
  return await pyodide.runPythonAsync("import portable\nportable.report()");
}
