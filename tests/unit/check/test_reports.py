import io
import json
from pathlib import Path

import junitparser
from rich.console import Console

from kit.check.reports import json_of, junit_of, table
from kit.check.results import Problem, Result
from kit.check.tiers import Report, Tier

GOOD, BAD, BROKEN = Path("lessons/good.ipynb"), Path("lessons/bad.ipynb"), Path("broken.ipynb")
LINK = Problem("links", "the link [red]x[/red] leads nowhere", "name a file", 3, "the-cell")
RAISED = Problem("raises", "ValueError: \x1b[31m<b>\x00", "mend it", 5, "", "Traceback\n  line 1")
REPORT = Report(
    (
        Tier(
            "static",
            (
                Result("static", GOOD, (), 0.1),
                Result("static", BAD, (LINK,), 0.1),
                Result("static", BROKEN, (Problem("readable", "it is empty", "restore it"),)),
            ),
            0.3,
        ),
        Tier(
            "execution",
            (
                Result("execution", GOOD, (), 2.0, {"peak memory (MB)": 143.0}),
                Result("execution", BAD, (RAISED,), 1.0),
            ),
            3.1,
            (BROKEN,),
        ),
    ),
    (GOOD, BAD, BROKEN),
)


def shown(report: Report) -> str:
    """What a person sees in a window of 80 columns."""
    console = Console(file=io.StringIO(), width=80, highlight=False, soft_wrap=True)
    console.print(table(report))
    return console.file.getvalue()


def test_table_names_notebook_cell_cause_and_remedy():
    """The table says for every problem where it is, what it is, and what to do."""
    text = shown(REPORT)
    assert "cell 3 (the-cell): the link [red]x[/red] leads nowhere [links]" in text
    assert "→ name a file" in text
    assert "Traceback" in text
    assert "✓ 2.0 s, 143 MB" in text
    assert "✗ 1 problem" in text


def test_every_tier_ends_in_a_line_of_its_own():
    """The last lines say of each tier whether it passed, and what was not run."""
    lines = shown(REPORT).strip().splitlines()
    assert lines[-2] == "static: failed, 2 problems (3 notebooks, 0.3 s)"
    assert lines[-1] == "execution: failed, 1 problem, 1 notebook not run (2 notebooks, 3.1 s)"


def test_nothing_looked_at_is_not_passed():
    """A tier without any result has not passed."""
    assert not Tier("execution", (), 0.0).passed
    assert not Report((Tier("execution", (), 0.0),), ()).passed
    assert not REPORT.passed


def test_json_has_everything():
    """The JSON holds every problem with its place, and what was measured."""
    content = json.loads(json_of(REPORT))
    assert content["passed"] is False
    static, execution = content["tiers"]
    assert static["results"][1]["problems"][0]["cell"] == 3
    assert static["results"][1]["problems"][0]["rule"] == "links"
    assert execution["results"][0]["figures"] == {"peak memory (MB)": 143.0}
    assert execution["not_run"] == ["broken.ipynb"]


def test_junit_is_read_by_a_junit_parser():
    """The XML is valid whatever a notebook prints, with a failure for each problem."""
    suites = list(junitparser.JUnitXml.fromstring(junit_of(REPORT).encode()))
    assert [suite.name for suite in suites] == ["static", "execution"]
    assert [(suite.tests, suite.failures, suite.errors) for suite in suites] == [
        (3, 2, 0),
        (3, 1, 1),
    ]
    case = next(case for case in suites[1] if case.name == BAD.as_posix())
    assert case.result[0].type == "raises"
    assert "cell 5" in case.result[0].message
    assert "line 1" in case.result[0].text
