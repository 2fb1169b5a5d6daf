"""The sections of a page: what is searched, and what a table of contents says."""

import json

from kit.authoring.site.sections import INDEX, contents_of, sections_of, write_index

BODY = """
<section class="cell text" id="cell-1">
<h1 id="Locks">Locks<a class="anchor-link" href="#x">¶</a></h1>
<p>A <em>lock</em>, held.<br>By one</p></section>
<div class="cell code"><pre>lock = Lock()</pre><section><h2 id="no">printed</h2></section></div>
<section class="cell text"><h2 id="Predict">Pre<code>dict</code></h2>
<ul><li>one</li><li>two</li></ul></section>
<div class="widget" data-model="c1-2"><div class="in-words"><pre>told</pre></div></div>
<div class="widget" data-model="c1-9"></div>
<section class="cell text"><h3 id="again">Again</h3></section>
<div class="widget" data-model="c2-1"></div>
<div class="widget" data-model="c3-1"></div>
"""


def test_a_section_has_its_texts_and_its_widgets():
    """No code, no result, no sign of an anchor; blocks are apart, words within a line are not."""
    told = [(one.anchor, one.title, one.text, one.models) for one in sections_of(BODY)]
    assert told == [
        ("Locks", "Locks", "A lock, held. By one", []),
        ("Predict", "Predict", "one two", ["c1-2", "c1-9"]),
        ("again", "Again", "", ["c2-1", "c3-1"]),
    ]
    assert sections_of("") == []


def test_the_contents_count_what_is_in_a_section_and_below_it():
    """What is not told has no word; the title of the page is not among its contents."""
    kinds = {"c1-2": "picture", "c1-9": "question", "c2-1": "question"}
    table = contents_of(sections_of(BODY), lambda one: kinds.get(one, ""))
    assert table == [("Predict", "Predict", "1 picture, 2 questions")]


def test_the_index_is_a_script_with_every_section(tmp_path):
    """A page that was opened as a file can load it, whatever its texts are."""
    text = '</script><img src=x> "quoted" \u2028'
    body = f'<section class="cell text"><p>{text}</p></section>'.replace("</script>", "")
    write_index(tmp_path, {"a b.html": (text, sections_of(body))})
    script = (tmp_path / INDEX).read_text("utf-8")
    begin, end = "window.kitSearchIndex = ", ";\n"
    assert script.startswith(begin)
    (entry,) = json.loads(script.removeprefix(begin).removesuffix(end))
    assert (entry["page"], entry["title"], entry["text"]) == ("a b.html", text, '"quoted"')
