"""The files of JavaScript that are joined to one module a widget, because anywidget takes one."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kit.widgets.base.assets import ALWAYS, STATIC, module
from tests.node import FLAGS, REMEDY, find_node

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([^"]*)";$', re.MULTILINE)
# Reads modules by name, and writes by name what is wrong with them, and what they export.
SCRIPT = """
import { readFileSync } from "node:fs";
import vm from "node:vm";

const canvas = { getContext: () => ({}) };
async function told(text) {
  // As much of a page as there must be before any widget is shown.
  const context = vm.createContext({ AbortSignal, document: { createElement: () => canvas } });
  try {
    const joined = new vm.SourceTextModule(text, { context });
    await joined.link((name) => {
      throw new Error(`imports ${name}`);
    });
    await joined.evaluate();
    return { problem: "", exported: typeof joined.namespace.default };
  } catch (error) {
    return { problem: `${error}`, exported: "" };
  }
}

const texts = Object.entries(JSON.parse(readFileSync(0, "utf8")));
const entries = texts.map(async ([name, text]) => [name, await told(text)]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(entries))));
"""


def joined() -> Iterator[tuple[str, list[str]]]:
    """Yield for each widget with JavaScript the name of its file, and what it joins."""
    for path in sorted(STATIC.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "module":
                yield path.stem, [name for argument in node.args for name in named(argument)]


def named(argument: ast.expr) -> list[str]:
    """Return the names that an argument of a call is: one, or a starred tuple of them."""
    if isinstance(argument, ast.Starred):
        return list(ast.literal_eval(argument.value))
    return [ast.literal_eval(argument)]


JOINED = dict(joined())


def read_by_node(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return by name what is wrong with a text as a module, and what kind of thing it exports."""
    node = find_node()
    assert node, REMEDY
    flags = (*FLAGS, "--experimental-vm-modules", "--no-warnings", "--input-type=module")
    done = subprocess.run(
        [node, *flags, "--eval", SCRIPT],
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, str]] = json.loads(done.stdout)
    return told


def test_joined_files_are_one_module():
    """No name is there twice, no import is left, and nothing is used before it is there."""
    told = read_by_node({name: module(*names) for name, names in JOINED.items()})
    assert len(told) >= 10
    for name, one in told.items():
        assert one["problem"] == "", name
        assert one["exported"] in ("object", "function"), f"{name} exports no widget"


@pytest.mark.parametrize("name", JOINED)
def test_what_a_file_imports_stands_before_it(name):
    """Every file is joined behind the files that it imports, which export what it asks for."""
    before: dict[str, str] = {}
    for file in JOINED[name]:
        text = (STATIC / file).read_text(encoding="utf-8")
        for names, source in IMPORT.findall(text):
            assert source in before, f"{file} imports {source}"
            for wanted in filter(None, (part.strip() for part in names.split(","))):
                # Where files are joined nothing can be renamed.
                exported = rf"^export (async )?(class|const|function) {re.escape(wanted)}\b"
                assert re.search(exported, before[source], re.MULTILINE), f"{file}: {wanted}"
        before[file] = text


def test_every_file_is_joined_by_a_widget():
    """No JavaScript lies about that no widget uses."""
    used = {ALWAYS, *(file for names in JOINED.values() for file in names)}
    assert used == {path.name for path in STATIC.glob("*.js")}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("const SETTLED = 1;\nconst SETTLED = 2;\nexport default {};", "already been declared"),
        ("export default {};\nexport default {};", "SyntaxError"),
        ('import * as dom from "./dom.js";\nexport default dom;', "imports ./dom.js"),
        ("class Own extends Base {}\nclass Base {}\nexport default Own;", "before initialization"),
    ],
)
def test_badly_joined_files_are_noticed(text, problem):
    """A name that is there twice, an import that is left, a wrong order: each is told."""
    assert problem in read_by_node({"bad": text})["bad"]["problem"]


def test_only_whole_imports_are_taken_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An import over several lines goes, text that only looks like one stays."""
    monkeypatch.setattr("kit.widgets.base.assets.STATIC", tmp_path)
    kept = 'const told = `  import { a } from "./a.js";`;\nexport default told;\n'
    written = 'import {\n  one,\n  other,\n} from "./parts.js";\n' + kept
    (tmp_path / "whole.js").write_text(written, encoding="utf-8")
    (tmp_path / ALWAYS).write_text("", encoding="utf-8")
    assert module("whole.js").strip() == kept.strip()
