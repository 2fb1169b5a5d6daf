"""What the pages of a site share: libraries, fonts, themes, and our own scripts and styles."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import jupyter_core.paths
from pygments.formatters import HtmlFormatter

from kit.authoring.site.glossary import MARK
from kit.authoring.site.markdown import DIAGRAM
from kit.authoring.site.npm import fetch
from kit.errors import KitError
from kit.quiz.misconceptions import MISCONCEPTIONS
from kit.widgets.base.assets import STATIC as WIDGETS
from kit.widgets.base.assets import module, style

STATIC = Path(__file__).parent / "static"
HTML_MANAGER = (
    "@jupyter-widgets/html-manager",
    "1.0.15",
    "sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
)
REQUIREJS = (
    "requirejs",
    "2.3.8",
    "sha512-7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
)
MERMAID = (
    "@mermaid-js/tiny",
    "11.17.2",
    "sha512-PmFr1c5cSfNf5AngLLR98DrbvR4U5KeD7I+hQkGqG5w5Veu3QT4dG0qu9f99cpn/sKj2XxRBK0q7EL6hr9NY/A==",
)
MATH_FONT = (
    "@fontsource/stix-two-math",
    "5.3.0",
    "sha512-negoeozw6VSXjZMozwKRSm/dhCQT62csZcuea9I8KYqPaZq/8KbbBBrA02ZHF7AyuR5mVML/p+q0bwFuSIf2GQ==",
)
PACKAGES = (HTML_MANAGER, REQUIREJS, MERMAID, MATH_FONT)
"""What comes from npm; the digests are those of the registry."""
LIBRARIES = ("anywidget", "bqplot", "bqscales")
"""Widgets whose JavaScript comes with their Python packages, as AMD modules."""
SCRIPTS = (
    *("before.js", "require.js", "widgets.js", "texts.js", "evaluation.js"),
    *("course_answers.js", "keep.js", "places.js", "python_line.js", "kernel.js", "page.js"),
)
"""What a page with widgets loads, in this order; `LIBRARIES` are loaded by them."""
WORKER = ("page_worker.js", "page_python.js")
"""What is no script of a page: it stands beside the Python that it loads."""
SERVICE = "service.js"
"""Nor is this: it stands above all pages, because it serves those below it only."""
EXTRAS = {DIAGRAM: ("mermaid.js", "diagrams.js"), MARK: ("terms.js",)}
"""What is in a page with diagrams, or with words that are explained, and what it loads for them."""
MODULES = ("@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/html-manager")
"""What is taken from the bundle of the HTML manager; the rest serves older widgets."""

DARK = "@media screen and (prefers-color-scheme: dark)"
"""Paper is light."""

_COLOUR = re.compile(r"--md-[a-z0-9-]+:[^;}]+;")
_COMPILED = re.compile(r"(\w+)\.compile\(\w+\),\1\.compile\(\w+\);(?=const)")
_DEFINED = re.compile(r'^define\("(@jupyter-widgets/[^"]*)"', re.MULTILINE)


def write_assets(
    folder: Path, texts: dict[str, str], *, formulas: bool = False, diagrams: bool = False
) -> None:
    """Write what all pages share into a folder.

    Parameters
    ----------
    folder : Path
    texts : dict of str to str
        Texts that many widgets have in common, by the names under which the pages know them.
    formulas, diagrams : bool
        Whether a page has some, which need a font or a library.

    Raises
    ------
    KitError
        If a library is not there, or is not as it is known here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manager, requirejs = fetch(*HTML_MANAGER), fetch(*REQUIREJS)
    bundle = (manager / "dist" / "libembed-amd.js").read_text(encoding="utf-8")
    _write(folder / "widgets.js", needed(bundle))
    for font in (manager / "dist").glob("*.woff2"):
        shutil.copyfile(font, folder / font.name)
    shutil.copyfile(requirejs / "require.js", folder / "require.js")
    if diagrams:
        shutil.copyfile(fetch(*MERMAID) / "dist" / "mermaid.tiny.js", folder / "mermaid.js")
    if formulas:
        # Not every system has a font whose brackets and roots can grow.
        (font,) = (fetch(*MATH_FONT) / "files").glob("*.woff2")
        shutil.copyfile(font, folder / "math.woff2")
    for name in LIBRARIES:
        shutil.copyfile(_extension(name), folder / f"{name}.js")
    _write(folder / "theme.css", _themes())
    for file in STATIC.iterdir():
        if file.name not in (*WORKER, SERVICE):
            shutil.copyfile(file, folder / file.name)
    _write(folder / "pygments.css", _highlighting())
    _write(folder / "evaluation.js", _evaluation())
    _write(folder / "ideas_map.js", _ideas_map())
    _write(folder / "ideas_map.css", style("card.css", "ideas.css", "buttons.css"))
    table = json.dumps(texts, ensure_ascii=False, sort_keys=True)
    _write(folder / "texts.js", f"window.kitTexts = {table};\n")


def needed(bundle: str) -> str:
    """Return what a page needs of the bundle of the HTML manager.

    The bundle compiles two JSON schemas with `eval` as soon as it is loaded, and uses them
    only in a function that is not called here; without that a page needs no ``unsafe-eval``.

    Raises
    ------
    KitError
        If the bundle is another one than the one known here.
    """
    starts = [(match.start(), match[1]) for match in _DEFINED.finditer(bundle)]
    ends = [start for start, _ in starts[1:]] + [len(bundle)]
    parts = [
        bundle[start:end]
        for (start, name), end in zip(starts, ends, strict=True)
        if name in MODULES
    ]
    text, count = _COMPILED.subn("", "".join(parts))
    if len(parts) != len(MODULES) or count != 1:
        raise KitError(
            f"the bundle of {HTML_MANAGER[0]} is not the one of {HTML_MANAGER[1]}; "
            "look at kit/authoring/site/assets.py before another one is used"
        )
    return text


def _extension(name: str) -> Path:
    """Return the AMD module of a package that is installed here."""
    for folder in jupyter_core.paths.jupyter_path("nbextensions", name):
        file = Path(folder) / "index.js"
        if file.is_file():
            return file
    raise KitError(
        f"the JavaScript of {name} (share/jupyter/nbextensions/{name}/index.js) is not installed; "
        f"run: pip install --force-reinstall {name}"
    )


def _themes() -> str:
    """Return the variables of JupyterLab's light and dark themes, as nbconvert has them."""
    light, dark, all_rules = (
        _of_nbconvert(name) for name in ("theme-light.css", "theme-dark.css", "index.css")
    )
    # Both themes mix their colours from these, which only the large style sheet defines.
    colours = "\n".join(dict.fromkeys(_COLOUR.findall(all_rules)))
    return f":root {{\n{colours}\n}}\n{light}\n{DARK} {{\n{dark}\n}}\n"


def _of_nbconvert(name: str) -> str:
    for folder in jupyter_core.paths.jupyter_path("nbconvert", "templates", "lab", "static"):
        file = Path(folder) / name
        if file.is_file():
            return file.read_text(encoding="utf-8")
    raise KitError(
        f"nbconvert's {name} is not installed; run: pip install --force-reinstall nbconvert"
    )


def _evaluation() -> str:
    """Return how predictions judge an answer, for a page that is opened from a file.

    Browsers load a module only from a server.
    """
    text = (WIDGETS / "evaluation.js").read_text(encoding="utf-8")
    return _as_script(text, "kitEvaluation", "ideaOf, isRight, roundAnswered, roundsOf")


def _ideas_map() -> str:
    """Return how a map of ideas is drawn, with the ideas of the kit, for a page without widgets."""
    text = module("dom.js", "idea_states.js", "ideas.js")
    table = {name: asdict(idea) for name, idea in MISCONCEPTIONS.items()}
    known = json.dumps(table, ensure_ascii=False)
    return _as_script(text, "kitIdeas", f"IdeasView, known: {known}")


def _as_script(text: str, name: str, shared: str) -> str:
    """Return a module as a script whose window has what it shares; its default is not needed."""
    text = text.replace("\nexport default ", "\nvoid ")
    inside = re.sub(r"^export ", "", text, flags=re.MULTILINE)
    return f"window.{name} = (() => {{\n{inside}\nreturn {{ {shared} }};\n}})();\n"


def _highlighting() -> str:
    """Return colours for code, for light and dark."""
    light = HtmlFormatter(style="xcode").get_style_defs(".highlight")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
    return f"{light}\n{DARK} {{\n{dark}\n}}\n"


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")
