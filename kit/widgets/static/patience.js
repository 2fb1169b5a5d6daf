/**
 * How long anywidget waits for the script of a widget.
 *
 * It gives a widget up whose script has not come after two seconds, and drops all that Python tells
 * it from then on. No script comes while the page draws, so on a slow or busy computer that met the
 * last widgets of a stage. The first of the kit's scripts on a page makes it wait longer.
 */

const GIVEN_UP = 2000; // ms
const PATIENCE = 120_000; // ms
const PATIENT = Symbol.for("os-course-kit: anywidget waits");

/**
 * Let anywidget, and nobody else, wait longer.
 * @param {{timeout: (ms: number) => AbortSignal}} signals `AbortSignal`
 * @param {() => string | undefined} caller the stack of calls, which names its files
 */
export function waitForScripts(signals, caller = () => new Error().stack) {
  if (PATIENT in signals) return;
  const timeout = signals.timeout.bind(signals);
  signals.timeout = (ms) => timeout(ms === GIVEN_UP && caller()?.includes("anywidget") ? PATIENCE : ms);
  Object.defineProperty(signals, PATIENT, { value: true });
}

waitForScripts(AbortSignal);
