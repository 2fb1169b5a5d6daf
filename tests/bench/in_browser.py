"""How smoothly pictures play, in a real JupyterLab: `make bench-browser`.

All is measured near; over a slow link, where time goes by what has to be sent, only the runs of
which most is sent. It ends with status 1 if a limit is broken, and says which.
"""

import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import click
from playwright.sync_api import Browser, Page, sync_playwright

from kit.check.browser.chromium import launch
from kit.check.browser.servers import Server, running_server
from kit.scenarios import SCENARIOS
from tests.browser.notebooks import OpenNotebook, open_notebook, write_notebook
from tests.browser.page_logs import traffic, watch
from tests.browser.slow_link import delayed
from tests.unit.tracks.runs import ENDLESS

ONE_WAY_MS = 75
FAR = 6
"""So many scenarios are played over the slow link."""
PLAY_SECONDS = 3
PLAYS, WARM_UP = 50, 5
LEAST_FPS = 55.0
MOST_SECONDS = 1.5
"""To the first picture of a scenario, on an idle machine; the long run may take twice as long."""
MOST_KB, OF_TICKS = 200.0, 500
MOST_GROWTH = 0.05
SEEKS = 60
LONG_TICKS = 10_000
SCREEN = {"width": 1500, "height": 1400}

SET_UP = f"""
import json
from kit import KiB, LimitExceeded, Limits, Machine, Program, RoundRobin
from kit.scenarios import SCENARIOS
from kit.widgets import Stage
ENDLESS = {ENDLESS!r}
def long_run():
    limits = Limits(ticks={LONG_TICKS})
    machine = Machine(ram=256 * KiB, scheduler=RoundRobin(quantum=5), limits=limits)
    machine.launch(Program("endless", ENDLESS))
    try:
        return machine.run()
    except LimitExceeded as limit:
        return limit.trace
def payload(stage):
    return sum(len(t.data) + len(json.dumps(t.header).encode()) for t in stage.player.tracks)
stage = None
"""
SHOW = """
stage = Stage({trace})
stage.player.ticks_per_second = max(stage.player.ticks_per_second, stage.player.end / 60)
stage
"""
CLASSIC = """
import ipywidgets
trace = SCENARIOS["lost_update"]()
stage = Stage(trace)
pictures = [(view.drawing, view.picture) for view in stage.views.values()]
play = ipywidgets.Play(min=0, max=trace.end, interval=16)
def show(change):
    for drawing, picture in pictures:
        drawing.update(picture, change["new"])
play.observe(show, "value")
ipywidgets.VBox([play, *stage.views.values()])
"""
# The time from the moment a cell is told to run to the first frame in which all is there.
FIRST_PICTURE = """async ([source, figures]) => {
    const app = window.jupyterapp;
    const notebook = app.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    await app.commands.execute('notebook:insert-cell-below');
    notebook.activeCell.model.sharedModel.setSource(source);
    const cell = notebook.activeCell.node;
    const start = performance.now();
    app.commands.execute('notebook:run-cell');
    const complete = () => {
        const found = cell.querySelectorAll('.kit-stage .kit-figure');
        return found.length >= figures && cell.querySelector('.kit-player .kit-narration b')
            && [...found].every((f) => f.querySelector('path.line, text.element'));
    };
    while (!complete()) {
        await new Promise(requestAnimationFrame);
        if (performance.now() - start > 30000) throw new Error('no picture');
    }
    return performance.now() - start;
}"""
PLAY = """async (seconds) => {
    const stage = [...document.querySelectorAll('.kit-stage')].at(-1);
    stage.scrollIntoView();
    const play = stage.querySelector('.kit-play');
    stage.querySelector('.kit-first').click();
    await new Promise((done) => setTimeout(done, 300));
    const frames = [];
    const start = performance.now();
    play.click();
    const label = () => play.getAttribute('aria-label');
    while (performance.now() - start < 1000 * seconds) {
        frames.push(await new Promise(requestAnimationFrame));
        if (label() === 'Play') break;
    }
    if (label() === 'Pause') play.click();
    return frames;
}"""
# Seeks once a frame; one that is not worked off and drawn within a frame makes the next one late.
SEEK = """async (ticks) => {
    const stage = [...document.querySelectorAll('.kit-stage')].at(-1);
    const slider = stage.querySelector('.kit-slider');
    const frames = [await new Promise(requestAnimationFrame)];
    for (const tick of ticks) {
        slider.value = tick;
        slider.dispatchEvent(new Event('input'));
        frames.push(await new Promise(requestAnimationFrame));
    }
    return frames;
}"""
WATCH_CLASSIC = """async (seconds) => {
    const figures = [...document.querySelectorAll('.kit-figure')];
    let drawn = false;
    const watcher = new MutationObserver(() => { drawn = true; });
    for (const figure of figures) {
        watcher.observe(figure, { subtree: true, attributes: true, childList: true });
    }
    document.querySelector('.jupyter-widgets.widget-play button').click();
    let count = 0;
    const start = performance.now();
    while (performance.now() - start < 1000 * seconds) {
        await new Promise(requestAnimationFrame);
        if (drawn) count += 1;
        drawn = false;
    }
    return count / seconds;
}"""


@dataclass(frozen=True)
class Played:
    """How one run played: frames a second, milliseconds, widget messages, bytes."""

    link: str
    name: str
    ticks: int
    fps: float
    slowest: float
    messages: int
    first: float
    payload: int

    @property
    def row(self) -> str:
        """A row of the table."""
        return (
            f"| {self.link} | {self.name} | {self.ticks} | {self.fps:.0f} | {self.slowest:.0f} | "
            f"{self.messages} | {self.first / 1000:.2f} | {self.payload / 1000:.0f} |"
        )

    @property
    def broken(self) -> list[str]:
        """The limits that it breaks, in words."""
        seconds, size = self.first / 1000, self.payload / 1000
        in_time = MOST_SECONDS * (2 if self.ticks >= LONG_TICKS else 1)
        room = MOST_KB * max(1, self.ticks / OF_TICKS)
        checks = {
            f"{self.fps:.0f} frames a second, at least {LEAST_FPS:.0f}": self.fps >= LEAST_FPS,
            f"{self.messages} messages while it plays, none": self.messages == 0,
            f"{seconds:.2f} s to the first picture, at most {in_time:.1f}": seconds <= in_time,
            f"{size:.0f} kB, at most {room:.0f}": size <= room,
        }
        return [f"{self.link}, {self.name}: {one}" for one, holds in checks.items() if not holds]


def percentile(values: list[float], share: float) -> float:
    """Return the value that a share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def played(page: Page, opened: OpenNotebook, link: str, name: str, trace: str) -> Played:
    """Show a run in a stage and play it for some seconds."""
    opened.kernel_run("stage is None or stage.close()")
    first = page.evaluate(FIRST_PICTURE, [SHOW.format(trace=trace), 4])
    traffic(page).wait_for_silence()
    mark = traffic(page).mark()
    frames = page.evaluate(PLAY, PLAY_SECONDS)
    # What was said before the player told where it stopped.
    said = traffic(page).comms(mark)
    told = [m.time for m in said if "tick" in m.data.get("state", {})]
    early = [m for m in said if not told or m.time < told[0]]
    gaps = [after - before for before, after in pairwise(frames)]
    return Played(
        link,
        name,
        opened.kernel_eval("stage.player.end"),
        1000 / statistics.median(gaps),
        percentile(gaps, 0.99),
        len(early),
        first,
        opened.kernel_eval("payload(stage)"),
    )


@contextmanager
def notebook(page: Page, server: Server, *cells: str) -> Iterator[OpenNotebook]:
    """Open a notebook that has run these cells."""
    opened = open_notebook(page, server, write_notebook(server, "bench.ipynb", *cells))
    assert opened.errors() == []
    yield opened
    for kernel in set(traffic(page).kernel_ids):
        server.stop_kernel(kernel)


def grown(page: Page, opened: OpenNotebook) -> float:
    """Return by what share the page's memory grew over many plays."""
    opened.kernel_run("stage is None or stage.close()")
    page.evaluate(FIRST_PICTURE, [SHOW.format(trace='SCENARIOS["lost_update"]()'), 4])
    opened.kernel_run("stage.player.ticks_per_second = stage.player.end")
    devtools = page.context.new_cdp_session(page)

    def used() -> int:
        devtools.send("HeapProfiler.collectGarbage")
        return int(devtools.send("Runtime.getHeapUsage")["usedSize"])

    sizes = []
    for number in range(WARM_UP + PLAYS):
        if number == WARM_UP:
            sizes.append(used())
        page.evaluate(PLAY, 3)
    sizes.append(used())
    return sizes[1] / sizes[0] - 1


@click.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(list(SCENARIOS)))
@click.option("--quick", is_flag=True, help="Only playing, and only over the near link.")
def main(scenarios: tuple[str, ...], quick: bool) -> None:
    """Measure and print, and fail if a limit is broken."""
    with (
        sync_playwright() as playwright,
        running_server("lab", Path(tempfile.mkdtemp())) as server,
        delayed(server, ONE_WAY_MS) as far,
    ):
        browser = launch(playwright)
        click.echo("| link | scenario | ticks | frames/s | 99th ms | messages | first s | kB |")
        click.echo("| --- | --- | --- | --- | --- | --- | --- | --- |")
        near = play_all(browser, "near", server, scenarios or tuple(SCENARIOS), long=not quick)
        broken = [one for result in near for one in result.broken]
        if not quick:
            most = sorted(near, key=lambda one: one.payload)[-FAR:]
            chosen = tuple(one.name for one in most if one.name in SCENARIOS)
            found = play_all(browser, f"{2 * ONE_WAY_MS} ms", far, chosen, long=True)
            broken += [one for result in found for one in result.broken]
            broken += other_figures(browser, server, far)
        browser.close()
    if broken:
        sys.exit("\n".join(["", "Limits are broken:", *broken]))


def play_all(
    browser: Browser, link: str, server: Server, scenarios: tuple[str, ...], *, long: bool
) -> list[Played]:
    """Play scenarios over one link, and a long run; print how it went."""
    runs = {name: f'SCENARIOS["{name}"]()' for name in scenarios}
    if long:
        runs[f"{LONG_TICKS:,} ticks"] = "long_run()"
    results = []
    with watched(browser) as page, notebook(page, server, SET_UP) as opened:
        for name, trace in runs.items():
            results.append(played(page, opened, link, name, trace))
            click.echo(results[-1].row)
    return results


def other_figures(browser: Browser, near: Server, far: Server) -> list[str]:
    """Measure what is not told by playing scenarios, print it, and return the broken limits."""
    with watched(browser) as page, notebook(page, near, SET_UP) as opened:
        page.evaluate(FIRST_PICTURE, [SHOW.format(trace="long_run()"), 4])
        ticks = random.Random(0).choices(range(LONG_TICKS), k=SEEKS)
        frames = page.evaluate(SEEK, ticks)
        time = statistics.median(after - before for before, after in pairwise(frames))
        click.echo(f"\nSeek every frame in {LONG_TICKS:,} ticks, median of a frame: {time:.1f} ms")
        growth = grown(page, opened)
        click.echo(f"Memory after {PLAYS} plays: {growth:+.1%}")
    for link, server in {"near": near, f"{2 * ONE_WAY_MS} ms": far}.items():
        with watched(browser) as page, notebook(page, server, SET_UP, CLASSIC):
            rate = page.evaluate(WATCH_CLASSIC, PLAY_SECONDS)
            click.echo(f"{link}: {rate:.1f} frames a second with an observer in Python")
    if growth <= MOST_GROWTH:
        return []
    return [f"memory grew by {growth:.1%} over {PLAYS} plays, at most {MOST_GROWTH:.0%}"]


@contextmanager
def watched(browser: Browser) -> Iterator[Page]:
    """Open a page whose messages are counted."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    watch(page)
    yield page
    context.close()


if __name__ == "__main__":
    main()
