// node pyodide_in_node.mjs FOLDER_OF_PYODIDE ARCHIVE SCRIPT: prints what the script reports.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { report } from "./pyodide_facts.mjs";

const [folder, archive, script] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
try {
  const zip = new Uint8Array(readFileSync(archive));
  const told = await report(loadPyodide, zip, readFileSync(script, "utf8"));
  process.stdout.write(told);
} catch (error) {
  // Node.js would print the line it comes from, which is all of Pyodide.
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
