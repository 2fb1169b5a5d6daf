import base64
import hashlib
import io
import tarfile

import pytest

from kit.authoring.site import npm
from kit.errors import KitError
from tests.browser.loopback import served

pytestmark = pytest.mark.notebook

NAME, VERSION = "@somebody/thing", "1.2.3"


@pytest.fixture
def tarball():
    """A package as npm packs it."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        content = b"define([], 1)"
        info = tarfile.TarInfo("package/dist/thing.js")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return raw.getvalue()


@pytest.fixture
def registry(tmp_path, tarball, monkeypatch):
    """A registry that has the package, and an empty cache."""
    file = tmp_path / "registry" / NAME / "-" / f"thing-{VERSION}.tgz"
    file.parent.mkdir(parents=True)
    file.write_bytes(tarball)
    monkeypatch.setattr(npm, "cache", lambda: tmp_path / "cache")
    with served({"npm": tmp_path / "registry"}) as address:
        monkeypatch.setenv(npm.VARIABLE, f"{address}/npm")
        yield file


def integrity(raw):
    """What npm calls the integrity of a tarball."""
    return "sha512-" + base64.b64encode(hashlib.sha512(raw).digest()).decode()


def test_fetches_once(registry, tarball):
    """A package is fetched and unpacked; later it is there without the registry."""
    found = npm.fetch(NAME, VERSION, integrity(tarball))
    assert (found / "dist" / "thing.js").read_text() == "define([], 1)"
    registry.unlink()
    assert npm.fetch(NAME, VERSION, integrity(tarball)) == found
    assert [place.name for place in found.parent.iterdir()] == [npm.folder_of(NAME, VERSION)]


def test_refuses_what_was_not_expected(registry, tarball):
    """A tarball with another digest is told in a sentence, and nothing of it is kept."""
    with pytest.raises(KitError, match=r"thing 1\.2\.3 .* is not what was expected"):
        npm.fetch(NAME, VERSION, integrity(tarball + b"more"))
    assert not npm.cache().exists()


def test_no_registry(monkeypatch, tmp_path):
    """Without a network it is said what to do."""
    monkeypatch.setattr(npm, "cache", lambda: tmp_path)
    monkeypatch.setenv(npm.VARIABLE, "http://127.0.0.1:9")
    with pytest.raises(KitError, match="connect to the network once, or name a mirror"):
        npm.fetch(NAME, VERSION, "sha512-x")


def test_a_registry_is_on_the_web(monkeypatch, tmp_path):
    """What is no address on the web is not opened."""
    monkeypatch.setattr(npm, "cache", lambda: tmp_path)
    monkeypatch.setenv(npm.VARIABLE, "file:///etc")
    with pytest.raises(KitError, match="give an address that begins with https"):
        npm.fetch(NAME, VERSION, "sha512-x")


def test_a_release_brings_it_along(monkeypatch, tmp_path):
    """What was put into the package is used, and no registry is asked."""
    monkeypatch.setattr(npm, "VENDOR", tmp_path)
    monkeypatch.setenv(npm.VARIABLE, "http://127.0.0.1:9")
    (tmp_path / npm.folder_of(NAME, VERSION)).mkdir()
    assert npm.fetch(NAME, VERSION, "sha512-x").parent == tmp_path
