"""The page of a course: its lessons, and what each of them covers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kit.authoring.coverage.lessons import Covered
from kit.authoring.site.places import binder_link, repository_of, top_of
from kit.authoring.storyline import PICTURES, STORYLINE
from kit.authoring.writing.document import render
from kit.quiz.misconceptions import MISCONCEPTIONS

TEMPLATES = Path(__file__).with_name("templates")


def coverage_page(lessons: Sequence[Covered]) -> str:
    """Return in Markdown which lesson covers what, and where Binder opens it.

    There are links to Binder if it is known which repository on GitHub the course is.

    Parameters
    ----------
    lessons : sequence of Covered
        In the order of the course.
    """
    return render(
        "README.md.jinja",
        folder=TEMPLATES,
        lessons=lessons,
        binder=_binder_links(lessons),
        storyline=STORYLINE,
        pictures=PICTURES,
        misconceptions=MISCONCEPTIONS,
        telling={
            line: [one for one in lessons if line in one.course["storyline"]] for line in STORYLINE
        },
        meeting={
            name: [one for one in lessons if name in one.misconceptions] for name in MISCONCEPTIONS
        },
        drawing={
            letter: [one for one in lessons if letter in one.course.get("pictures", ())]
            for letter in PICTURES
        },
    )


def _binder_links(lessons: Sequence[Covered]) -> dict[str, str]:
    """Return name of a lesson's file -> a link to it on Binder; none without a repository."""
    links = {}
    # Lessons of a folder are in one repository, and git need be asked only once for it.
    paths = {one.path.parent: one.path for one in lessons}
    tops = {folder: top_of(path) for folder, path in paths.items()}
    repositories = {top: repository_of(top) for top in tops.values()}
    for one in lessons:
        top = tops[one.path.parent]
        repository = repositories[top]
        if repository:
            place = one.path.resolve().relative_to(top.resolve()).as_posix()
            links[one.path.name] = f"[Binder]({binder_link(repository, place)})"
    return links
