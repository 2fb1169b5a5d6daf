import json
import re
import subprocess
from dataclasses import asdict

import pytest

from kit.authoring.site import assets, bundle, vendoring
from kit.errors import KitError
from kit.quiz import MISCONCEPTIONS
from tests.node import FLAGS, REMEDY, find_node

SHARED = """
globalThis.window = {};
for (const file of process.argv.slice(1)) require(file);
const shared = Object.entries({ ...window.kitEvaluation, ...window.kitIdeas });
const functions = shared.filter(([, one]) => typeof one === "function").map(([name]) => name);
process.stdout.write(JSON.stringify([functions, window.kitIdeas.known]));
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the pages of a site share."""
    folder = tmp_path_factory.mktemp("assets")
    assets.write_assets(folder, {"a": "</script>é"})
    return folder


def test_everything_is_beside_the_pages(folder):
    """Every script that a page loads, and every font that a style sheet names, is there."""
    names = {file.name for file in folder.iterdir()}
    assert set(assets.SCRIPTS) | {f"{name}.js" for name in assets.LIBRARIES} <= names
    fonts = re.findall(r"[0-9a-f]{20}\.woff2", (folder / "widgets.js").read_text("utf-8"))
    assert fonts
    assert set(fonts) <= names


def test_the_bundle_needs_no_eval(folder):
    """The schemas that the HTML manager compiles when it is loaded are left out."""
    text = (folder / "widgets.js").read_text("utf-8")
    assert text.count('define("@jupyter-widgets/') == len(assets.MODULES)
    assert ".v2.state" in text
    assert not assets._COMPILED.search(text)


def test_another_bundle_is_refused():
    """A bundle in which that is not found is not used."""
    with pytest.raises(KitError, match="is not the one of 1"):
        assets.needed('define("@jupyter-widgets/base",[],1)\n')


def test_both_themes_are_complete(folder):
    """Every variable that a theme mixes its colours from is defined."""
    text = (folder / "theme.css").read_text("utf-8")
    used = set(re.findall(r"var\((--md-[a-z0-9-]+)\)", text))
    assert used
    assert used <= set(re.findall(r"(--md-[a-z0-9-]+):", text))
    assert text.count("--jp-layout-color1:") == 2


def test_texts_are_a_script(folder):
    """What widgets share is a script that assigns JSON."""
    text = (folder / "texts.js").read_text("utf-8")
    assert json.loads(text.removeprefix("window.kitTexts = ").removesuffix(";\n")) == {
        "a": "</script>é"
    }


def test_modules_are_scripts_that_share_what_pages_ask_of_them(folder):
    """A page that is opened from a file gets functions, a view, and the table of ideas."""
    node = find_node()
    assert node, REMEDY
    done = subprocess.run(
        [
            node,
            *FLAGS,
            "-e",
            SHARED,
            *(folder / f"{name}.js" for name in ("evaluation", "ideas_map")),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    functions, known = json.loads(done.stdout)
    assert functions == ["ideaOf", "isRight", "roundAnswered", "roundsOf", "IdeasView"]
    assert known == {name: asdict(idea) for name, idea in MISCONCEPTIONS.items()}


def test_a_release_has_what_is_needed(tmp_path):
    """What is copied into the package suffices to write the assets."""
    copied = {file.name for file in vendoring.vendor(tmp_path)}
    assert {"libembed-amd.js", "require.js"} <= copied
    assert {*bundle.RUNTIME, bundle.LOCK} <= copied
    assert not any(name.endswith((".map", ".ts")) for name in copied)
