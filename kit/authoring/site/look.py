"""How a course wants its site to look: its logo and its colours."""

from __future__ import annotations

import shutil
from pathlib import Path

from kit.authoring.site.assets import DARK
from kit.authoring.site.settings import SiteSettings

STYLE = "course.css"
"""The style sheet with the colours of a course, which the pages load last."""


def icon_of(settings: SiteSettings) -> str:
    """Return the name of the picture that stands for the site, among its assets."""
    return f"logo{settings.logo.suffix.lower()}" if settings.logo else "icon.svg"


def write_look(assets: Path, settings: SiteSettings) -> None:
    """Write the logo and the colours of a course among the assets of its site.

    Parameters
    ----------
    assets : Path
    settings : SiteSettings
    """
    if settings.logo:
        shutil.copyfile(settings.logo, assets / icon_of(settings))
    rules = {
        theme: f":root {{ --link: {colour}; }}\n" for theme, colour in settings.colours.items()
    }
    dark = f"{DARK} {{ {rules['dark'].strip()} }}\n" if "dark" in rules else ""
    text = rules.get("light", "") + dark
    if text:
        (assets / STYLE).write_text(text, encoding="utf-8", newline="\n")
