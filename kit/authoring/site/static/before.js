/**
 * What has to be so before any library is loaded.
 *
 * anywidget gives a widget up that is not there after 2 s. A page makes its widgets one after
 * the other, and a slow machine may need longer: here nobody is better off if it gives up.
 */
(() => {
  const LEAST_MS = 120000;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(Math.max(ms, LEAST_MS));
})();
