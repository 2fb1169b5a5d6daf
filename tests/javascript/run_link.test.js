/** Links to a run, as the button of a player makes them. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { isPacked, linkTo } from "../../kit/widgets/static/run_link.js";

test("a link leads to the page of the site, from wherever its own page is", () => {
  const here = "https://example.org/os/more/01.html#stage-1&t=3";
  assert.equal(linkTo("1.abc", 42, "../run.html", here), "https://example.org/os/run.html#run=1.abc&t=42");
  assert.equal(linkTo("1.abc", 0, "run.html", "file:///tmp/a.html"), "file:///tmp/run.html#run=1.abc&t=0");
});

test("where there is no site a link names the page alone", () => {
  assert.equal(linkTo("1.abc", 7, undefined, "http://localhost/lab"), "run.html#run=1.abc&t=7");
});

test("why a run has no link is a sentence, and what is packed is none", () => {
  assert.ok(isPacked("1.eNqLjgUAARUAuQ"));
  assert.ok(!isPacked("link: this run needs a link of 9000 characters"));
  assert.ok(!isPacked(""));
});
