/**
 * Draws the diagrams of a page that are written in Mermaid; their text stays, folded away.
 */
"use strict";

(async () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  window.mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    theme: dark ? "dark" : "default",
    suppressErrorRendering: true,
  });
  const all = [...document.querySelectorAll("pre.mermaid")];
  for (const [number, source] of all.entries()) {
    try {
      const { svg } = await window.mermaid.render(`diagram-${number + 1}`, source.textContent ?? "");
      const picture = document.createElement("div");
      picture.className = "diagram";
      picture.innerHTML = svg;
      const words = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = "This diagram in words";
      source.before(picture, words);
      words.className = "in-words";
      words.append(summary, source);
      const drawn = picture.querySelector("svg");
      drawn?.setAttribute("role", "img");
      if (!drawn?.getAttribute("aria-labelledby")) drawn?.setAttribute("aria-label", "Diagram");
    } catch (error) {
      // The text stays; whoever looks after the site finds the reason in the console.
      console.error(error);
    }
  }
  document.body.dataset.drawn = "all";
})();
