"""Markdown as HTML, as JupyterLab shows it: with formulas, lists of tasks and diagrams."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import unquote

from mistune.plugins import import_plugin
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    MathBlockParser,
    MathInlineParser,
)
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from kit.authoring.site.formulas import DISPLAYED, ENVIRONMENT, IN_LINE, Formulas

PLUGINS = ("strikethrough", "table", "url", "task_lists", "def_list", "footnotes")
# JupyterLab wants two backslashes, LaTeX has one; with one it may be an escaped bracket as well.
_LIKE_TEX = r"(?=(?:(?!\\\]).)*?[\\^_={{}}](?!\]))"
_BRACKETS = r"(?<!\\)\\\\\[(?P<{name}>.*?)\\\\\]|(?<!\\)\\\[" + _LIKE_TEX + r"(?P<{name}_1>.*?)\\\]"
_PARENTHESES = r"(?<!\\)\\\\\((?P<{name}>.*?)\\\\\)|(?<!\\)\\\((?P<{name}_1>(?:(?!\n\s*\n).)*?)\\\)"
DIAGRAM = '<pre class="mermaid">'
"""What begins the text of a diagram."""
_ATTACHMENT = re.compile(r"""attachment:[^\s"'>)]+""")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def _dotall(pattern: str) -> str:
    return f"(?s:{pattern})"


class _Blocks(MathBlockParser):
    """Blocks in which only a formula is taken for one."""

    SPECIFICATION: ClassVar[dict[str, str]] = {
        **MathBlockParser.SPECIFICATION,
        "multiline_math": _dotall(
            "|".join(
                (
                    DISPLAYED.format(name="block_dollars"),
                    _BRACKETS.format(name="block_brackets"),
                    ENVIRONMENT.format(name="block_environment"),
                )
            )
        ),
    }


class _Inline(MathInlineParser):
    """Text in which money is no formula."""

    SPECIFICATION: ClassVar[dict[str, str]] = {
        **MathInlineParser.SPECIFICATION,
        "block_math_tex": _dotall(DISPLAYED.format(name="math_block_tex")),
        "block_math_latex": _dotall(_BRACKETS.format(name="math_block_latex")),
        "inline_math_tex": _dotall(IN_LINE.format(name="math_inline_tex")),
        "inline_math_latex": _dotall(_PARENTHESES.format(name="math_inline_latex")),
    }

    def parse_block_math_latex(self, m: re.Match[str], state: Any) -> int:
        """Parse a displayed formula in brackets."""
        state.append_token({"type": "block_math", "raw": _either(m, "math_block_latex")})
        return m.end()

    def parse_inline_math_latex(self, m: re.Match[str], state: Any) -> int:
        """Parse a formula in parentheses."""
        state.append_token({"type": "inline_math", "raw": _either(m, "math_inline_latex")})
        return m.end()


def _either(match: re.Match[str], name: str) -> str:
    text = match[name]
    return match[f"{name}_1"] if text is None else text


class _Renderer(IPythonRenderer):
    """Makes HTML of the parts of a text.

    Parameters
    ----------
    formulas : Formulas
    prefix : str
        Begins the ids of footnotes, so that those of two cells differ.
    attachments : mapping
        Of the cell.
    """

    def __init__(
        self, formulas: Formulas, prefix: str, attachments: Mapping[str, Mapping[str, str]]
    ) -> None:
        super().__init__(escape=False, attachments={k: dict(v) for k, v in attachments.items()})
        self._formulas, self._prefix = formulas, prefix

    def block_html(self, html: str) -> str:
        """Show HTML; formulas in it are drawn as anywhere else."""
        return str(super().block_html(self._formulas.in_html(self._with_attachments(html))))

    def inline_html(self, html: str) -> str:
        """Show HTML within a line."""
        return str(super().inline_html(self._with_attachments(html)))

    def _with_attachments(self, text: str) -> str:
        return _ATTACHMENT.sub(lambda found: self._embed_image_or_attachment(found[0]), text)

    def _embed_image_or_attachment(self, src: str) -> str:
        """Return the address of a picture; one that the cell holds becomes its content."""
        name = html.unescape(src.removeprefix("attachment:"))
        bundle = self.attachments.get(unquote(name)) or self.attachments.get(name)
        if not src.startswith("attachment:") or not bundle:
            return src
        kind, content = next(iter(bundle.items()))
        if content.lstrip().startswith("<"):
            content = base64.b64encode(content.encode()).decode()
        return f"data:{kind};base64,{''.join(content.split())}"

    def block_math(self, body: str) -> str:
        """Draw a formula on a line of its own."""
        return self._formulas.drawn(body, displayed=True)

    def inline_math(self, body: str) -> str:
        """Draw a formula within a line."""
        return self._formulas.drawn(body)

    def latex_environment(self, name: str, body: str) -> str:
        """Draw an environment of LaTeX."""
        return self._formulas.drawn(f"\\begin{{{name}}}{body}\\end{{{name}}}", displayed=True)

    def block_code(self, code: str, info: str | None = None) -> str:
        """Colour code; a language that is not known has no colours."""
        language = (info or "").split(maxsplit=1)[0] if (info or "").strip() else ""
        try:
            if language and language != "mermaid":
                get_lexer_by_name(language)
        except ClassNotFound:
            return f"<pre><code>{html.escape(code, quote=False)}</code></pre>\n"
        return str(super().block_code(code, info))

    def block_mermaidjs(self, code: str) -> str:
        """Show a diagram of Mermaid; its text until it is drawn."""
        return f"{DIAGRAM}{html.escape(code.strip(), quote=False)}</pre>\n"

    def task_list_item(self, text: str, checked: bool = False) -> str:
        """Show a task with its box, and say to a screen reader whether it is done."""
        done = ' checked aria-label="done"' if checked else ' aria-label="open"'
        return f'<li class="task"><input type="checkbox" disabled{done}> {text}</li>\n'

    def footnote_ref(self, key: str, index: int) -> str:  # noqa: ARG002 - mistune names it
        """Lead to a footnote."""
        place = f"{self._prefix}{index}"
        return f'<sup id="ref-{place}"><a href="#{place}">{index}</a></sup>'

    def footnotes(self, text: str) -> str:
        """Show the footnotes of a text below it."""
        return f'<section class="footnotes" aria-label="Footnotes"><ol>\n{text}</ol></section>\n'

    def footnote_item(self, text: str, key: str, index: int) -> str:  # noqa: ARG002
        """Show a footnote, and lead back."""
        place = f"{self._prefix}{index}"
        back = f' <a href="#ref-{place}" aria-label="Back to the text">↩</a>'
        head, end, tail = text.rstrip().rpartition("</p>")
        return f'<li id="{place}">{head}{back}{end}{tail}</li>\n' if end else f"<li>{text}</li>\n"


def as_html(
    text: str,
    formulas: Formulas,
    *,
    prefix: str = "note-",
    attachments: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Return a text in Markdown as HTML.

    Parameters
    ----------
    text : str
    formulas : Formulas
        Of the page.
    prefix : str
        Begins the ids of its footnotes.
    attachments : mapping
        Files that a cell holds itself: name -> type -> content.
    """
    plugins: Iterable[Any] = (import_plugin(name) for name in PLUGINS)
    renderer = _Renderer(formulas, prefix, attachments or {})
    markdown = MarkdownWithMath(renderer, _Blocks(), _Inline(hard_wrap=False), plugins)
    return str(markdown.render(text))


def without_front_matter(text: str) -> tuple[str, str]:
    """Return a text without what is between lines of ``---`` at its beginning, and that."""
    found = _FRONT_MATTER.match(text)
    return (text[found.end() :], found[1] or "") if found else (text, "")
