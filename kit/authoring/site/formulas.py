"""Formulas in TeX as MathML, which browsers draw and screen readers read without any script."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from latex2mathml.converter import convert_to_element

IN_LINE = (
    # Pandoc's rule, by which "$5 and $6" is money: spaces on both sides or on none, no digit after.
    # A backquote ends it, since code may hold what it likes.
    r"(?<![$\\a-zA-Z])\$(?!\d[^$]*\$\s\d)(?P<{name}>(?=\s)(?:[^$`\\]|\\.)+?(?<=\s)|(?!\s)(?:[^$`\\]|\\.)+?(?<!\s))"
    r"(?<!\\)\$(?![$\d])"
)
DISPLAYED = r"(?<!\\)\$\$(?P<{name}>(?:(?!\n\s*\n)[^`])+?)(?<!\\)\$\$"
ENVIRONMENT = r"\\begin\{{(?P<{name}>[a-z]*\*?)\}}.*?\\end\{{(?P={name})\}}"

_TEX = re.compile(
    "|".join(
        (
            DISPLAYED.format(name="dollars"),
            r"\\\[(?P<brackets>.+?)\\\]",
            r"\\\((?P<parentheses>.+?)\\\)",
            IN_LINE.format(name="dollar"),
            f"(?P<environment>{ENVIRONMENT.format(name='kind')})",
        )
    ),
    re.DOTALL,
)
_IN_LINE = ("parentheses", "dollar")
_UNTOUCHED = ("code", "kbd", "math", "pre", "samp", "script", "style", "svg", "textarea")
"""Elements of HTML in which a dollar is a dollar."""
_IGNORED = re.compile(r"""\sclass\s*=\s*["']?[^"'>]*\b(?:tex2jax_ignore|mathjax_ignore)\b""")
_TAG = re.compile(r"""(<!--.*?-->|<[A-Za-z/!](?:"[^"]*"|'[^']*'|[^'">])*>)""", re.DOTALL)
_NAME = re.compile(r"<(/?)([A-Za-z][\w-]*)")

_DEFINITION = re.compile(
    r"\\(?:(?:re|provide)?newcommand|DeclareMathOperator)\*?\s*(?:\{\s*(\\\w+)\s*\}|(\\\w+))"
    r"((?:\s*\[[^]]*\])*)|\\def\s*(\\\w+)()"
)
# latex2mathml knows one name for what TeX has several for, and numbers what nobody refers to.
_RENAMED = (
    (re.compile(r"\\(?:label\{[^}]*\}|require\{[^}]*\}|nonumber|notag)"), ""),
    (re.compile(r"\\(begin|end)\{(?:equation|math|displaymath)\*?\}"), ""),
    (re.compile(r"\\(begin|end)\{(?:aligned|align|split|flalign)\*?\}"), r"\\\1{align*}"),
    (re.compile(r"\\begin\{(?:alignat|alignedat)\*?\}\s*\{\d+\}"), r"\\begin{align*}"),
    (re.compile(r"\\end\{(?:alignat|alignedat)\*?\}"), r"\\end{align*}"),
    (re.compile(r"\\(begin|end)\{(?:gather|gathered|multline)\*?\}"), r"\\\1{matrix}"),
    (re.compile(r"\\begin\{eqnarray\*?\}"), r"\\begin{array}{rcl}"),
    (re.compile(r"\\end\{eqnarray\*?\}"), r"\\end{array}"),
    (re.compile(r"\\(?:dfrac|cfrac)\b"), r"\\displaystyle\\frac"),
)


class Formulas:
    """Makes MathML of the formulas of one page.

    Parameters
    ----------
    tell : callable
        Takes a sentence about each formula that cannot be drawn.
    """

    def __init__(self, tell: Callable[[str], object] = lambda _line: None) -> None:
        self._tell = tell
        self._macros: dict[str, str] = {}
        """Commands that the page has defined so far, by name: they hold to its end."""

    def drawn(self, tex: str, *, displayed: bool = False) -> str:
        """Return a formula as HTML: MathML, or its TeX as code if it cannot be drawn.

        Parameters
        ----------
        tex : str
            Without what encloses it.
        displayed : bool
            Whether it stands on a line of its own.
        """
        body, definitions = _without_definitions(tex)
        self._macros |= definitions
        if not body.strip():
            return ""
        for pattern, other in _RENAMED:
            body = pattern.sub(other, body)
        element = _converted("".join(self._macros.values()) + body, displayed=displayed)
        if element is None:
            self._tell(f"the formula {tex.strip()[:80]!r} cannot be drawn, and is shown as TeX")
            return f'<code class="tex">{html.escape(tex.strip())}</code>'
        element.set("alttext", " ".join(tex.split()))
        return ET.tostring(element, encoding="unicode", short_empty_elements=False)

    def in_latex(self, text: str) -> str:
        """Return as HTML what an output of the type ``text/latex`` says."""
        if _TEX.search(text):
            return f"<p>{self.in_html(html.escape(text, quote=False))}</p>"
        return f"<p>{self.drawn(text, displayed=True)}</p>"

    def in_html(self, text: str) -> str:
        """Return HTML, or a piece of it, with its formulas drawn; all else stays as it is."""
        pieces, inside = [], _Untouched()
        for number, piece in enumerate(_TAG.split(text)):
            if number % 2:
                inside.pass_tag(piece)
            elif not inside.depth:
                piece = _TEX.sub(self._match, piece)  # noqa: PLW2901 - it is the same piece
            pieces.append(piece)
        return "".join(pieces)

    def _match(self, match: re.Match[str]) -> str:
        kind = next(name for name in _KINDS if match[name] is not None)
        return self.drawn(html.unescape(match[kind]), displayed=kind not in _IN_LINE)


class _Untouched:
    """Knows while a page is gone through whether one is inside code, or what else stays."""

    def __init__(self) -> None:
        self.name = ""
        self.depth = 0

    def pass_tag(self, tag: str) -> None:
        found = _NAME.match(tag)
        if found is None or tag.endswith("/>"):
            return
        ends, name = found[1] == "/", found[2].lower()
        if not self.depth and not ends and (name in _UNTOUCHED or _IGNORED.search(tag)):
            self.name, self.depth = name, 1
        elif self.depth and name == self.name:
            self.depth += -1 if ends else 1


_KINDS = ("dollars", "brackets", "parentheses", "dollar", "environment")


def _converted(tex: str, *, displayed: bool) -> ET.Element | None:
    """Return a formula as an element; None if something in it is not known."""
    try:
        element = convert_to_element(tex, display="block" if displayed else "inline")
    except Exception:  # noqa: BLE001 - its errors have no common base, and some are Python's own
        return None
    for one in element.iter():
        # It writes characters as numbers.
        one.text = html.unescape(one.text) if one.text else one.text
        unknown = one.tag in ("mi", "mo") and re.match(r"\\[A-Za-z]", one.text or "")
        if unknown or (one.tag == "mi" and one.text == "&"):
            return None
        # A formula is no way around what is done with links; HTML knows the name space.
        for name in ("href", "style", "xmlns"):
            one.attrib.pop(name, None)
    return element


def _without_definitions(tex: str) -> tuple[str, dict[str, str]]:
    r"""Return a formula without its ``\newcommand`` and the like, and these by name."""
    found: dict[str, str] = {}
    rest, at = [], 0
    for match in _DEFINITION.finditer(tex):
        end = _end_of_group(tex, match.end())
        if match.start() < at or end is None:
            continue
        name = match[1] or match[2] or match[4]
        operator = "DeclareMathOperator" in match[0]
        command = "DeclareMathOperator" if operator else "newcommand"
        found[name] = f"\\{command}{{{name}}}{match[3] or ''}{tex[match.end() : end].strip()}"
        rest.append(tex[at : match.start()])
        at = end
    return "".join((*rest, tex[at:])), found


def _end_of_group(tex: str, at: int) -> int | None:
    """Return where the braces end that begin at a place."""
    depth = 0
    for match in re.compile(r"\s*\\.|\s*([^\\])", re.DOTALL).finditer(tex, at):
        depth += {"{": 1, "}": -1}.get(match[1] or "", 0)
        if depth == 0:
            return match.end() if match[1] == "}" else None
    return None
