import json
from pathlib import Path

import pytest

from kit.check.languages import NAMES
from kit.check.static import check

GOOD = Path(__file__).parents[3] / "data" / "bad_notebooks" / "static" / "unknown_line.ipynb"
ENGLISH = NAMES["en"]


def lesson(folder: Path, names: dict[str, str], settings: str, text: str = "") -> list[str]:
    """What is told of a lesson whose goal and headings have other names."""
    (folder / "pyproject.toml").write_text(f"[tool.kit.check]\n{settings}\n")
    notebook = json.loads(GOOD.read_text(encoding="utf-8"))
    notebook["metadata"]["kit"]["storyline"] = [1]
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for old, new in names.items():
                source = source.replace(f"## {old}\n", f"## {new}\n").replace(
                    f"**{old}.**", f"**{new}.**"
                )
                source = f"## {new}" if source == f"## {old}" else source
        cell["source"] = source
    notebook["cells"][0]["source"] += text
    place = folder / "lesson.ipynb"
    place.write_text(json.dumps(notebook), encoding="utf-8")
    (result,) = check([place])
    return [f"{problem.rule}: {problem.found}; {problem.remedy}" for problem in result.problems]


@pytest.mark.slow
@pytest.mark.parametrize("language", [one for one in NAMES if one != "en"])
def test_steps_have_the_names_of_their_language(tmp_path: Path, language: str):
    """A translated lesson passes in its language, and lacks its steps in English."""
    names = dict(zip(ENGLISH, NAMES[language], strict=True))
    assert lesson(tmp_path, names, f'language = "{language}"') == []
    assert lesson(tmp_path, {}, f'language = "{language}"') == []
    told = lesson(tmp_path, names, "")
    assert any("has no heading '## Predict'" in one for one in told)


def test_a_course_names_its_steps(tmp_path: Path):
    """Six names of one's own are taken, and what lacks is told by them."""
    own = ("Lernziel", "Wette", "Schau", "Dreh", "Sag", "Nimm mit")
    names = dict(zip(ENGLISH, own, strict=True))
    settings = f'language = "de-AT"\nsteps = {list(own)}'
    assert lesson(tmp_path, names, settings) == []
    (told,) = lesson(tmp_path, {**names, "Explain": "Ende"}, settings)
    assert told.startswith("steps: the lesson has no heading '## Sag'")
    assert told.endswith("add a cell of text with this heading, after '## Dreh'")


@pytest.mark.parametrize(
    "heading", ["Predict (Vorhersage)", "Predict 🔮", "Predict: what comes?", "Predict, then look"]
)
def test_a_heading_may_go_on_after_its_step(tmp_path: Path, heading: str):
    """It is enough that it begins with the name of the step."""
    assert lesson(tmp_path, {"Predict": heading}, "") == []


@pytest.mark.parametrize("heading", ["Predictions", "We predict", "predict"])
def test_another_word_is_not_the_step(tmp_path: Path, heading: str):
    """A longer word, one in the middle and one in small letters are not taken."""
    assert [one[:5] for one in lesson(tmp_path, {"Predict": heading}, "")] == ["steps"]


def test_words_of_another_language_are_not_misspelt(tmp_path: Path):
    """Codespell's English words count in English only; a dictionary of one's own always does."""
    text = "\n\nAlle Programme sind am Ende, teh."
    english = lesson(tmp_path, {}, "", text)
    assert any(one.startswith("spelling: 'teh' is misspelt") for one in english)
    assert lesson(tmp_path, {}, 'language = "de"', text) == []
    (tmp_path / "de.txt").write_text("programme->Prozesse\n", encoding="utf-8")
    own = lesson(tmp_path, {}, 'language = "de"\ndictionaries = ["de.txt"]', text)
    assert [one.partition(",")[0] for one in own] == [
        "spelling: 'Programme' is misspelt; write 'Prozesse'"
    ]
    both = lesson(tmp_path, {}, 'dictionaries = ["de.txt"]', text)
    assert len([one for one in both if "'teh'" in one or "'Programme'" in one]) == 2
    assert not any("spelling" in one for one in lesson(tmp_path, {}, 'off = ["spelling"]', text))


def test_earlier_lessons_are_asked_about_before_the_prediction(tmp_path: Path):
    """The step "Before" may be missing; where it is, nothing of the others comes ahead of it."""
    assert lesson(tmp_path, {"Predict": "Before\n\nThree questions.\n\n## Predict"}, "") == []
    (told,) = lesson(tmp_path, {"Change": "Before\n\nThree questions.\n\n## Change"}, "")
    assert told.startswith("steps: the step '## Before' is out of order; bring the steps into")
    settings = 'language = "de"'
    assert lesson(tmp_path, {"Predict": "Vorher\n\nDrei Fragen.\n\n## Predict"}, settings) == []
