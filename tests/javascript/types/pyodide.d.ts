/** Pyodide, as the worker of a page asks for it. */
declare module "*/pyodide.mjs" {
  // biome-ignore lint/suspicious/noExplicitAny: what Python gives can be anything
  export function loadPyodide(): Promise<any>;
}
