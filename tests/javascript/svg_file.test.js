/** An SVG that stands alone, as text. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { cleaned, fileOf, textOf } from "../../kit/widgets/static/svg_file.js";

test("what XML cannot hold is replaced, and what it would take for its own is escaped", () => {
  assert.equal(cleaned('a < b & c > "d"'), "a &lt; b &amp; c &gt; &quot;d&quot;");
  assert.equal(cleaned("\u0000\u001b\ud800\ufffe"), "\ufffd".repeat(4));
  assert.equal(cleaned("λ 😀\n\t"), "λ 😀\n\t");
});

test("an element without content has no end of its own", () => {
  const inside = [{ tag: "rect", head: '<rect x="1"', text: "", inside: [] }];
  assert.equal(textOf({ tag: "g", head: "<g", text: "", inside }), '<g><rect x="1"/></g>');
  assert.equal(textOf({ tag: "text", head: "<text", text: "7", inside: [] }), "<text>7</text>");
});

test("a file says in words what it shows, and a name stays a name", () => {
  const named = { title: "<img src=x>", words: ["Tick 1: a & b", "Tick 2"] };
  const file = fileOf({ width: 40, height: 20 }, named, "<g/>");
  assert.match(file, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg [^>]*viewBox="0 0 40 20" role="img">/);
  assert.ok(file.includes("<title>&lt;img src=x&gt;</title><desc>Tick 1: a &amp; b\nTick 2</desc>"));
  assert.ok(file.endsWith('<rect width="40" height="20" fill="#ffffff"/><g/></svg>\n'));
});
