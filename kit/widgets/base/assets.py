"""JavaScript and style sheets: of each anywidget takes one text."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
ALWAYS = "patience.js"
"""What every script begins with: it has to come before the other widgets of a page are made."""
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[^"]*";$', re.MULTILINE)


def module(*names: str) -> str:
    """Return files of the kit's JavaScript as one module; each comes after what it imports."""
    texts = ((STATIC / name).read_text(encoding="utf-8") for name in (ALWAYS, *names))
    return "\n".join(_IMPORT.sub("", text) for text in texts)


def style(*names: str) -> str:
    """Return files of the kit's styles as one; of equal weight, what stands later wins."""
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in names)
