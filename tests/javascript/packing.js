/** Channels as Python packs them. */

/** @typedef {string | number[]} Value */
/** @typedef {[number, Value, number]} Key tick, value, glide */

/**
 * A channel's header and the bytes behind it.
 * @param {Key[][]} elements
 * @param {Partial<ChannelHeader>} given what else the header says
 * @returns {[ChannelHeader, number[]]}
 */
export function pack(elements, given = {}) {
  const keys = elements.flat();
  const isText = typeof keys[0][1] === "string";
  const texts = [...new Set(keys.map(([, value]) => value))];
  const glides = keys.some(([, , glide]) => glide > 0);
  const starts = [0];
  for (const element of elements) starts.push(starts[starts.length - 1] + element.length);
  const parts = [Uint32Array.from(starts), Float32Array.from(keys, ([tick]) => tick)];
  if (isText) parts.push(Uint32Array.from(keys, ([, value]) => texts.indexOf(value)));
  else parts.push(Float32Array.from(keys.flatMap(([, value]) => [value].flat().map(Number))));
  if (glides) parts.push(Float32Array.from(keys, ([, , glide]) => glide));
  const sizes = { elements: elements.length, keys: keys.length };
  const kind = isText ? { texts: texts.map(String) } : { width: keys[0][1].length };
  const common = { trait: "x", target: 0, spread: null, steady: false };
  const header = { ...common, ...sizes, glides, ...kind, ...given };
  return [header, parts.flatMap((part) => [...new Uint8Array(part.buffer)])];
}
