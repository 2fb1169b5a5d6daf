"""The page of a course: its lessons, and what each of them covers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from kit.authoring.coverage.lessons import Covered
from kit.authoring.site.places import UNTITLED, binder_link, course_title, repository_of, top_of
from kit.authoring.storyline import PICTURES
from kit.authoring.writing.document import render
from kit.check.course import storyline_of
from kit.quiz.misconceptions import MISCONCEPTIONS

TEMPLATES = Path(__file__).with_name("templates")

REVIEWS = range(2, 10)
"""Numbers of the reviews after the first, as far as there are any."""
BESIDE = {
    "gallery.ipynb": "[the gallery](gallery.ipynb), where every widget and question can be tried",
    "for_teachers.ipynb": "[assemble your own lesson](for_teachers.ipynb), for teachers",
    "notes.md": "[notes for lecturers](notes.md)",
    "syllabus.md": "[the syllabus](syllabus.md)",
    "language.md": "[the language](language.md) of the programs",
    "pretest.ipynb": "[twenty questions before the course](pretest.ipynb)",
    "posttest.ipynb": "[twenty questions after it](posttest.ipynb)",
    "review_1.ipynb": "[review 1](review_1.ipynb), nine mixed questions after some lessons",
    **{f"review_{number}.ipynb": f"[review {number}](review_{number}.ipynb)" for number in REVIEWS},
    "closing.md": "[what you can do now](closing.md), the end of the course",
    "glossary.md": "[the glossary](glossary.md)",
    "simplifications.md": "[what this machine simplifies](simplifications.md)",
}
"""Pages that may be beside the lessons, and how to lead to them."""


def coverage_page(lessons: Sequence[Covered], title: str | None = None) -> str:
    """Return in Markdown which lesson covers what, and where Binder opens it.

    It is to be put into the folder that holds all the lessons: its links start there. There are
    links to Binder if it is known which repository on GitHub the course is.

    Parameters
    ----------
    lessons : sequence of Covered
        In the order of the course.
    title : str, optional
        Of the course; that of its ``pyproject.toml`` if left out.
    """
    called = course_title(title, lessons[0].path)
    folder = Path(os.path.commonpath([one.path.absolute().parent for one in lessons]))
    storyline = storyline_of(folder)
    links = {one.path: one.link_from(folder) for one in lessons}
    return render(
        "README.md.jinja",
        folder=TEMPLATES,
        title="The course" if called == UNTITLED else called,
        lessons=lessons,
        links=links,
        beside=[told for name, told in BESIDE.items() if (folder / name).is_file()],
        binder=_binder_links(lessons),
        storyline=storyline,
        pictures=PICTURES,
        misconceptions=MISCONCEPTIONS,
        wrong=[idea for one in lessons for idea in one.wrong],
        telling={
            line: [links[one.path] for one in lessons if line in one.lines] for line in storyline
        },
        meeting={
            name: [links[one.path] for one in lessons if name in one.misconceptions]
            for name in MISCONCEPTIONS
        },
        drawing={
            letter: [links[one.path] for one in lessons if letter in one.course.get("pictures", ())]
            for letter in PICTURES
        },
    )


def _binder_links(lessons: Sequence[Covered]) -> dict[Path, str]:
    """Return path of a lesson -> a link to it on Binder; none without a repository."""
    links: dict[Path, str] = {}
    # Lessons of a folder are in one repository, and git need be asked only once for it.
    paths = {one.path.parent: one.path for one in lessons}
    tops = {folder: top_of(path) for folder, path in paths.items()}
    repositories = {top: repository_of(top) for top in tops.values()}
    for one in lessons:
        top = tops[one.path.parent]
        repository = repositories[top]
        if repository:
            place = one.path.resolve().relative_to(top.resolve()).as_posix()
            links[one.path] = f"[Binder]({binder_link(repository, place)})"
    return links
