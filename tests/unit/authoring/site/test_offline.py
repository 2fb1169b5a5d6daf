"""What lets a site work without a network."""

import json
import re

from kit.authoring.site.offline import MANIFEST, build_of, write_offline
from kit.authoring.site.settings import SiteSettings

INDEX = (
    '<link rel="manifest" href="manifest.webmanifest">'
    '<link rel="stylesheet" href="assets/site.css">'
    '<script src="assets/offline.js" defer></script><a href="a.html">A</a>'
    '<figure data-playing="assets/front_playing.svg"><img src="assets/front.svg" alt=""></figure>'
)


def test_a_build_is_named_after_all_that_is_in_it(tmp_path):
    """The same files have the same name; another content, or another file, has another."""
    (tmp_path / "index.html").write_text(INDEX)
    first = build_of(tmp_path)
    assert build_of(tmp_path) == first
    (tmp_path / "index.html").write_text(f"{INDEX} ")
    second = build_of(tmp_path)
    (tmp_path / "a.html").touch()
    assert len({first, second, build_of(tmp_path)}) == 3


def test_the_service_worker_knows_the_build_and_what_the_front_page_loads(tmp_path):
    """Nothing of its template is left; links to other pages are not among what is loaded."""
    (tmp_path / "index.html").write_text(INDEX)
    write_offline(tmp_path, 'A "course"', "en", SiteSettings())
    worker = (tmp_path / "service.js").read_text("utf-8")
    assert re.search(r"`\$\{SITE\}[0-9a-f]{12}`", worker)
    loaded = "manifest.webmanifest assets/site.css assets/offline.js"
    assert f'"{loaded} assets/front_playing.svg assets/front.svg"' in worker
    assert "{{" not in worker
    manifest = json.loads((tmp_path / MANIFEST).read_text("utf-8"))
    assert (manifest["name"], manifest["start_url"]) == ('A "course"', "index.html")
