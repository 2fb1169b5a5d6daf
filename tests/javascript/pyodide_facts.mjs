// Runs a Python script with the kit in Pyodide, in Node.js as in a browser.

/** Return what `await report()` of the script gives: text.
 *
 * `archive` holds the folder kit/ as a zip file, `script` is the text of a module. */
export async function report(loadPyodide, archive, script) {
    const pyodide = await loadPyodide();
    pyodide.unpackArchive(archive, "zip");
    pyodide.FS.writeFile("portable.py", script);
    return await pyodide.runPythonAsync("import portable\nportable.report()");
}
