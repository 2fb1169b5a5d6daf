import json

import nbformat
import pytest
from bs4 import BeautifulSoup

from kit.authoring.site.exporting import draw_formulas, exported
from kit.authoring.site.formulas import Formulas
from kit.authoring.site.markdown import as_html, without_front_matter


def shown(text: str, **more: object) -> BeautifulSoup:
    """What is made of a text in Markdown."""
    return BeautifulSoup(as_html(text, Formulas(), **more), "html.parser")


@pytest.mark.parametrize(
    "text",
    [
        "$T_w = 3$",
        "the $n$th",
        "$$T_w = 3$$",
        "$$\nT_w\n= 3\n$$",
        r"\(T_w\)",
        r"\\(T_w\\)",
        r"\[T_w = 3\]",
        r"\\[T_w = 3\\]",
        r"\begin{align} a &= b \\ c &= d \end{align}",
        r"$$\begin{aligned} a &= b \end{aligned}$$",
        r"\begin{equation} a \label{a} \end{equation}",
        r"\begin{gather} a \\ b \end{gather}",
        "| $a$ | b |\n|---|---|\n| c | d |",
        "<details><summary>$a$</summary>\n\ntext\n</details>",
        "# About $a$",
        r"$\newcommand{\wait}[1]{T_{#1}} \wait{3}$",
        r"costs \$5, and $x$",
        r"$a < b$",
    ],
)
def test_formulas_are_drawn(text):
    """Each way of writing a formula becomes MathML, and no TeX is left to be read."""
    found = shown(text)
    assert len(found.select("math")) == 1
    for drawn in found.select("math"):
        drawn.decompose()
    assert not set(found.get_text()) & set("\\_{}^")


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6",
        "between $5, or $6, and US$ 7",
        r"\$x\$",
        "`$x$` and `\\(y\\)`",
        "the pid `$$` of a\n\nshell, `$$`",
        "```sh\necho $$ $x$\n```",
        "from $5-$6",
    ],
)
def test_what_is_no_formula_stays(text):
    """Money, code and the shell's own dollars are no formulas."""
    assert not shown(text).select("math")


def test_a_formula_that_cannot_be_drawn_is_told():
    """It is shown as TeX, as code, and the author hears of it."""
    told: list[str] = []
    assert Formulas(told.append).drawn(r"\nosuch{<b>}") == (
        '<code class="tex">\\nosuch{&lt;b&gt;}</code>'
    )
    assert told == [r"the formula '\\nosuch{<b>}' cannot be drawn, and is shown as TeX"]


def test_a_formula_brings_no_address_along():
    """What a formula links to is not followed, so that no script hides in it."""
    drawn = Formulas().drawn(r"\href{javascript:alert(1)}{x} \text{</math><script>}")
    inside = BeautifulSoup(drawn, "html.parser").math
    assert inside.find(href=True) is None
    assert inside.find("script") is None


def test_a_command_holds_to_the_end_of_its_page():
    """What one cell defines the next may use, as in JupyterLab."""
    formulas = Formulas()
    assert formulas.drawn(r"\newcommand{\wait}{T_w}") == ""
    assert "<msub>" in formulas.drawn(r"\wait")


def test_tasks_footnotes_and_unknown_languages():
    """Lists of tasks have boxes with names, footnotes lead there and back."""
    boxes = shown("- [x] done\n- [ ] open").select("input[type=checkbox]")
    assert [box["aria-label"] for box in boxes] == ["done", "open"]
    noted = shown("a[^1]\n\n[^1]: the *note*", prefix="c1-")
    assert noted.select_one("a[href='#c1-1']")
    assert noted.select_one("#c1-1 a[href='#ref-c1-1']")
    assert shown("```nosuch\nx < y\n```").get_text().strip() == "x < y"


def test_attachments_are_in_the_page():
    """A picture that a cell holds is shown, in Markdown and in HTML; one that is not is named."""
    held = {"a b.png": {"image/png": "AA\n=="}}
    text = '![x](attachment:a%20b.png) <img src="attachment:a%20b.png"> ![y](attachment:no.png)'
    sources = [img["src"] for img in shown(text, attachments=held).select("img")]
    assert sources == ["data:image/png;base64,AA=="] * 2 + ["attachment:no.png"]


def test_front_matter_is_no_text():
    """What jupytext or a site generator writes above a text is taken away."""
    assert without_front_matter("---\ntitle: A\n---\n# B\n") == ("# B\n", "title: A\n")
    assert without_front_matter("# B\n\n---\n") == ("# B\n\n---\n", "")


def test_outputs_of_every_kind_are_shown():
    """LaTeX is drawn; JPEG, GIF and SVG are pictures, as wide as was asked for."""
    new = nbformat.v4.new_output
    outputs = [
        new("display_data", {"text/latex": r"$\displaystyle x^{2}$", "text/plain": "x"}),
        new("display_data", {"text/html": "<p>$a_b$ <code>$c$</code></p>"}),
        new("display_data", {"image/jpeg": "AAAA"}, metadata={"image/jpeg": {"width": 30}}),
        new("display_data", {"image/gif": "R0lG"}, metadata={"image/gif": {"alt": "A <film>"}}),
        new("display_data", {"image/svg+xml": "<svg/>", "text/plain": "<Figure>"}),
    ]
    cell = nbformat.v4.new_code_cell("x", outputs=outputs)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    soup = BeautifulSoup(exported(notebook, {}, Formulas()), "html.parser")
    assert len(soup.select("math")) == 2
    jpeg, gif, svg = soup.select("img")
    assert jpeg["width"] == "30"
    assert gif["alt"] == "A <film>"
    assert svg["alt"] == "<Figure>"
    assert [one["src"][:15] for one in (jpeg, gif, svg)] == [
        *("data:image/jpeg", "data:image/gif;", "data:image/svg+"),
    ]


def test_code_is_open_where_it_is_what_a_cell_shows():
    """Code without outputs is open, unless its author has folded it; other code is folded."""
    new = nbformat.v4.new_code_cell
    printed = nbformat.v4.new_output("display_data", {"text/plain": "1"})
    hidden = {"jupyter": {"source_hidden": True}}
    cells = [new("a"), new("b", outputs=[printed]), new("c", metadata=hidden)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    soup = BeautifulSoup(exported(notebook, {}, Formulas()), "html.parser")
    assert [one.has_attr("open") for one in soup.select("details.source")] == [True, False, False]


def test_a_program_in_a_cell_has_colours():
    """A program is coloured as Python below ``%%program``; other magics are left alone."""
    text = "%%{} x\ndef f():\n    pass"
    cells = [nbformat.v4.new_code_cell(text.format(one)) for one in ("program", "R")]
    python = {"language_info": {"name": "python", "pygments_lexer": "ipython3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=python)
    soup = BeautifulSoup(exported(notebook, {}, Formulas()), "html.parser")
    found = [[one.text for one in cell.select(".k")] for cell in soup.select("div.highlight")]
    assert [("def" in one) for one in found] == [True, False]


def test_formulas_in_widgets_are_drawn():
    """A Label and an HTMLMath draw formulas in JupyterLab, so they do in the page."""
    label = {"value": "$x$ <b>", "_model_name": "LabelModel", "_view_name": "LabelView"}
    plain = {"value": "a $5 b", "_model_name": "LabelModel", "_view_name": "LabelView"}
    state = {
        name: {"model_name": "LabelModel", "state": traits}
        for name, traits in (("a", label), ("b", plain))
    }
    before = json.dumps(state["b"])
    draw_formulas(state, Formulas())
    assert label["_view_name"] == "HTMLView"
    assert "<math" in label["value"]
    assert label["value"].endswith("&lt;b&gt;")
    assert json.dumps(state["b"]) == before
