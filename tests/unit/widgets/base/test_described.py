"""What a widget says where no widget can be shown."""

from kit.scenarios import lost_update
from kit.widgets import Stage
from kit.widgets.base.described import described


def test_a_long_text_is_folded_away_where_html_can_be_shown():
    """Its first line can be read; the rest is opened, because it tells what is predicted."""
    words = described({}, "first\n<b>2\n3\n4\n5", fold=True)
    assert words["text/plain"] == "first\n<b>2\n3\n4\n5"
    assert words["text/html"].startswith("<details><summary>first (in words)</summary><pre")
    assert "&lt;b&gt;2\n3\n4\n5" in words["text/html"]


def test_a_short_text_and_one_that_asks_is_shown():
    """Three lines more need no folding, and where it was not asked for nothing is folded."""
    assert described({}, "1\n2\n3\n4", fold=True) == {"text/plain": "1\n2\n3\n4"}
    assert described(({}, {}), "1\n2\n3\n4\n5") == ({"text/plain": "1\n2\n3\n4\n5"}, {})


def test_a_stage_tells_its_run():
    """Title, what the run is made of, and every moment that is worth telling."""
    stage = Stage(lost_update(), title="<Two> threads")
    data = stage._repr_mimebundle_()
    first, second, *lines = data["text/plain"].splitlines()
    assert (first, second.partition(" · ")[0]) == ("<Two> threads", "1 process")
    assert [line[:9] for line in lines[-3:-1]] == ["t = 102: ", "    The o"]
    assert "<summary>&lt;Two&gt; threads (in words)</summary>" in data["text/html"]
