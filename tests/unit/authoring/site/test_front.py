"""The run on the front page of a site."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kit.authoring.site.front import LONGEST, PLAYING, STILL, write_front
from kit.scenarios import find, lost_update


@pytest.mark.parametrize("name", ["lost_update", "translations"])
def test_a_run_is_drawn_and_told(tmp_path: Path, name: str) -> None:
    """One moment and the run as it plays are pictures of one size; each sentence has its tick."""
    front = write_front(tmp_path, name)
    assert front is not None
    assert front.about == find(name).title
    for file, plays in ((STILL, False), (PLAYING, True)):
        text = (tmp_path / file).read_text(encoding="utf-8")
        picture = ET.fromstring(text)
        size = (picture.get("width"), picture.get("height"))
        assert size == (str(front.width), str(front.height))
        assert ("animation" in text) == plays
    trace = find(name)()
    told = dict(front.sentences)
    now = ""
    for tick in range(min(trace.end, LONGEST) + 1):
        now = told.get(tick, now)
        assert now == trace.narration(tick).first


def test_the_lost_update_is_in_it(tmp_path: Path) -> None:
    """What our own front page plays comes to its point, and to its end."""
    front = write_front(tmp_path, "lost_update")
    assert front is not None
    assert any("that update is lost" in sentence for _, sentence in front.sentences)
    assert front.sentences[-1][1] == lost_update().narration(lost_update().end).first


def test_there_may_be_none(tmp_path: Path) -> None:
    """A course that wants no run there gets no files either."""
    assert write_front(tmp_path, "") is None
    assert list(tmp_path.iterdir()) == []
