"""What tests of a stage's size share: what of it a person sees at a tick, without scrolling."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.stage import Played

SIZES = {
    "laptop": {"width": 1366, "height": 768},
    "small laptop": {"width": 1280, "height": 720},
    "phone": {"width": 390, "height": 844},
}
TICKS = 10

# What moves one tick on: elements of the pictures that are another place, form, colour or text than
# before, and whether a person sees them: inside the window and in front of everything else.
STEP = """async ([stage, tick]) => {
    const seen = (element) => {
        const box = element.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        const inside = x > 0 && x < innerWidth && y > 0 && y < innerHeight;
        if (box.width + box.height === 0 || !inside) return false;
        const front = document.elementsFromPoint(x, y).find((one) => stage.contains(one));
        const bar = stage.querySelector('.kit-player');
        return front !== undefined && (bar.contains(element) || !bar.contains(front));
    };
    const changed = new Set();
    const watcher = new MutationObserver((records) => {
        for (const { target } of records) {
            const element = target.nodeType === 1 ? target : target.parentElement;
            const own = element && element.closest('.kit-frame');
            if (own && !element.closest('.kit-changes')) changed.add(element);
        }
    });
    watcher.observe(stage, {
        subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: ['d', 'transform', 'style', 'class'],
    });
    const slider = stage.querySelector('.kit-slider');
    slider.value = tick;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    watcher.disconnect();
    // Where only time goes on, the slider shows it, as the marker of the timeline does.
    const onlyTime = stage.querySelector('.kit-frame:not(.kit-place-timeline *)')
        && Array.from(changed).every((element) => element.closest('.kit-place-timeline'));
    const told = onlyTime ? [] : Array.from(changed);
    const parts = ['.kit-bar', '.kit-narration'].map((name) => stage.querySelector(name));
    const whole = ({ top, bottom, left, right }) =>
        top >= -1 && bottom <= innerHeight + 1 && left >= -1 && right <= innerWidth + 1;
    return {
        controls: parts.every((part) => whole(part.getBoundingClientRect()) && seen(part)),
        changed: told.length,
        seen: told.filter(seen).length,
    };
}"""


# JupyterLab draws cells only when they come near, and then moves what is below them.
BRING = """async (stage) => {
    let [last, same] = [NaN, 0];
    while (same < 15) {
        stage.scrollIntoView({ block: 'start', behavior: 'instant' });
        await new Promise(requestAnimationFrame);
        const { top } = stage.getBoundingClientRect();
        [last, same] = [top, top === last ? same + 1 : 0];
    }
}"""


@dataclass(frozen=True)
class Sight:
    """What a person sees right after a stage was moved to a tick.

    Attributes
    ----------
    controls : bool
        Whether controls and narration are inside the window, whole.
    changed, seen : int
        Elements of the pictures that changed, and how many of these are inside the window.
    """

    tick: int
    controls: bool
    changed: int
    seen: int

    @property
    def fits(self) -> bool:
        """Whether all is seen that has to be."""
        return self.controls and (self.seen > 0 or self.changed == 0)


def sights(page: Page, stage: Locator) -> list[Sight]:
    """Bring a stage to the top of the window, and move it to some ticks from start to end."""
    played = Played(stage.locator(".kit-player").first)
    held = played.slider.evaluate("slider => slider.getAttribute('aria-valuetext')") or ""
    last = int(held.split("stops at ")[1].split()[0]) if "stops at" in held else played.end
    ticks = sorted({round(last * step / TICKS) for step in range(1, TICKS + 1)} - {0})
    handle = stage.element_handle()
    stage.evaluate(BRING)
    return [Sight(tick, **page.evaluate(STEP, [handle, tick])) for tick in ticks]
