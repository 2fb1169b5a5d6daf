"""The glossary and the lessons use the same words, one for one thing."""

import re
from pathlib import Path

import pytest

from kit.authoring.site.glossary import Entry, read_glossary
from kit.check.markdown import read_prose
from kit.check.notebooks import Notebook
from tests.wording import texts

ROOT = Path(__file__).parents[2] / "lessons"
LESSONS = {path.name: path for path in sorted(ROOT.glob("[0-9]*.ipynb"))}
ENTRIES = read_glossary((ROOT / "glossary.md").read_text(encoding="utf-8"))
MOST_WORDS = 40
EXCEPTIONS = {
    # Chapters, papers and manual pages are called what they are called.
    '"Condition Variables"',
    "`syscalls(2)`",
}

words = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.word)


def told(path: Path) -> str:
    """Return what a lesson says in its text, without its programs."""
    text = "\n".join(cell.source for cell in Notebook.read(path).markdown)
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for name in EXCEPTIONS:
        text = text.replace(name, "")
    return text


TOLD = {name: told(path) for name, path in LESSONS.items()}


def uses(names: tuple[str, ...], text: str) -> list[str]:
    """Return which of some names a text uses."""
    pattern = rf"\b(?:{'|'.join(map(re.escape, names))})s?\b"
    return re.findall(pattern, text, re.IGNORECASE) if names else []


def test_the_glossary_has_the_words_of_the_field():
    """It is complete enough, in the order of the alphabet, and has each word once."""
    names = [entry.word.casefold() for entry in ENTRIES]
    assert names == sorted(set(names))
    assert len(names) >= 60


@words
def test_a_word_is_explained_in_one_or_two_sentences(entry: Entry):
    """A meaning is short, and ends as a sentence."""
    sentences = re.findall(r"[.](?= |$)", entry.meaning)
    assert entry.meaning.endswith(".")
    assert 1 <= len(sentences) <= 3
    assert len(entry.meaning.split()) <= MOST_WORDS


@words
def test_a_word_is_used_in_the_lesson_where_it_is_met(entry: Entry):
    """The lesson that the glossary names says it."""
    assert uses(entry.spellings, TOLD[entry.lesson])


@words
def test_no_other_name_is_used(entry: Entry):
    """What a thing is not called here is in no lesson, and in no text of the kit."""
    found = {name: uses(entry.avoided, text) for name, text in TOLD.items()}
    # The C of a real machine has names of its own.
    shown = [one for one in texts() if not one.file.startswith("host/c/")]
    found |= {f"{one.file}:{one.line}": uses(entry.avoided, one.text) for one in shown}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize("path", LESSONS.values(), ids=lambda path: path.stem)
def test_each_lesson_leads_to_the_glossary(path: Path):
    """Its last cell has a plain link, for readers of the notebook."""
    last = read_prose(list(Notebook.read(path).markdown)[-1].source)
    assert "glossary.md" in [link.target for link in last.links]
