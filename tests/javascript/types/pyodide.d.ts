/** Pyodide, as the worker of a page asks for it. */
declare module "*/pyodide.mjs" {
  // biome-ignore lint/suspicious/noExplicitAny: what Python gives can be anything
  export function loadPyodide(options: object): Promise<any>;
}

declare module "*/pyodide.asm.mjs" {
  // biome-ignore lint/suspicious/noExplicitAny: what it is made of is its own matter
  export default function createModule(settings: object): Promise<any>;
}
