"""What makes a site work without a network, and lets a browser install it like a program."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from kit.authoring.site.assets import SERVICE, STATIC
from kit.authoring.site.look import icon_of
from kit.authoring.site.settings import SiteSettings

MANIFEST = "manifest.webmanifest"
"""What a browser reads to install the site."""
BUILD = "{{ build }}"
"""Stands in the service worker for the build of the site."""
OF_START = "{{ of start }}"
"""Stands there for what the front page loads."""
_LOADED = re.compile(r'<(?:script|link|img|figure)[^>]* (?:src|href|data-playing)="([^"]*)"')
GROUND, INK = "#ffffff", "#1f2d3a"


def write_offline(folder: Path, course: str, language: str, settings: SiteSettings) -> None:
    """Write the service worker and the manifest of a site whose other files are all there.

    Parameters
    ----------
    folder : Path
        Its front page is there.
    course : str
        What the course is called.
    language : str
    settings : SiteSettings
        Of the course: its logo, and its colour.
    """
    icon = icon_of(settings)
    kind = "image/png" if icon.endswith(".png") else "image/svg+xml"
    manifest = {
        "name": course,
        "short_name": course,
        "lang": language,
        "start_url": "index.html",
        "scope": ".",
        # The address has to be in sight: links to runs and moments are in it.
        "display": "minimal-ui",
        "background_color": GROUND,
        "theme_color": settings.colours.get("light", INK),
        "icons": [{"src": f"assets/{icon}", "sizes": "any", "type": kind}],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8", newline="\n")
    start = (folder / "index.html").read_text(encoding="utf-8")
    worker = (STATIC / SERVICE).read_text(encoding="utf-8").replace(BUILD, build_of(folder))
    worker = worker.replace(OF_START, " ".join(_LOADED.findall(start)))
    (folder / SERVICE).write_text(worker, encoding="utf-8", newline="\n")


def build_of(folder: Path) -> str:
    """Return a name for what is in a site: another content has another name."""
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
