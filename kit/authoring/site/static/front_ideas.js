/**
 * The reader's map of ideas, on the page that leads to the lessons: from what their pages keep in this
 * browser, and sent nowhere. How it is drawn is fetched only where there is something to draw.
 */
"use strict";

(() => {
  const place = document.getElementById("ideas");
  const kept = window.kitCourseIdeas("", {});
  if (!place || kept.length === 0) return;
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: "assets/ideas_map.css" });
  const script = document.createElement("script");
  script.src = "assets/ideas_map.js";
  script.addEventListener("load", () => {
    const { IdeasView, known } = window.kitIdeas;
    const root = document.createElement("div");
    place.append(root);
    place.hidden = false;
    new IdeasView({ get: (name) => ({ kept, known })[name] }, root);
  });
  document.head.append(style, script);
})();
