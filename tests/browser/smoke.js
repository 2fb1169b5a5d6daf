// What a student does on a page, by the page's own elements: shown, answered, stepped, played.
async () => {
  const until = async (told, condition) => {
    const start = performance.now();
    while (!condition()) {
      if (performance.now() - start > 30000) throw new Error(`waited for: ${told}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const visible = (element) => element.checkVisibility();
  const button = (place, name) =>
    [...place.querySelectorAll("button")].find(
      (one) => (one.getAttribute("aria-label") ?? one.textContent).trim() === name,
    );
  await until("all widgets", () => document.body.dataset.shown === "all");

  const questions = [...document.querySelectorAll(".kit-predict")];
  for (const question of questions) {
    question.querySelector("input")?.click();
    button(question, "Check").click();
    const feedback = question.querySelector(".kit-feedback");
    await until("feedback", () => /[✓✗] ./.test(feedback.textContent));
  }

  const players = [...document.querySelectorAll(".kit-player")].filter(visible);
  for (const player of players) {
    const tick = () => Number(player.querySelector("input[type=range]").value);
    const end = Number(player.querySelector("input[type=range]").max);
    player.scrollIntoView({ block: "center" });
    button(player, "To the end").click();
    await until("the end", () => tick() === end);
    button(player, "To the start").click();
    await until("the start", () => tick() === 0);
    button(player, "One tick on").click();
    await until("a step", () => tick() === 1);
    button(player, "Play").click();
    await until("a tick that passes", () => tick() > 1);
    button(player, "To the start").click();
  }

  const figures = [...document.querySelectorAll(".kit-figure")].filter(visible);
  const drawn = (figure) => figure.querySelector(".curve path.line[d^=M], .label") !== null;
  await until("pictures", () => figures.every(drawn));
  return {
    broken: document.querySelectorAll(".is-broken").length,
    questions: questions.length,
    players: players.length,
    figures: figures.length,
  };
}
