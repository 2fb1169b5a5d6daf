"""The command that builds a site."""

from __future__ import annotations

from pathlib import Path

import click

from kit.check.cores import cores
from kit.check.extras import need
from kit.errors import plural


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Folder of the site; one that this command made before is replaced.",
)
@click.option(
    "--title",
    help="What the course is called; default: [tool.kit] title in pyproject.toml, or Lessons.",
)
@click.option(
    "--repository",
    metavar="OWNER/NAME",
    help="On GitHub, for links to Binder; default: [tool.kit] repository in pyproject.toml, "
    "or the Binder link of the README.",
)
@click.option("--lite", is_flag=True, help="Also, in lite/: Jupyter that runs in the browser.")
@click.option(
    "--pyodide",
    default="",
    metavar="PLACE",
    help="With --lite: a Pyodide distribution to put into the site; else the network has it.",
)
@click.option(
    "--python/--no-python",
    default=True,
    show_default=True,
    help="Whether pages bring a Python along, so that programs run in them.",
)
@click.option("--jobs", "-j", type=click.IntRange(1), help="Notebooks at once; as many as cores.")
def build(
    paths: tuple[str, ...],
    output: Path,
    title: str | None,
    repository: str | None,
    lite: bool,
    pyodide: str,
    python: bool,
    jobs: int | None,
) -> None:
    """Make a static site of the notebooks in PATHS (files or folders).

    Each notebook is executed and becomes a page that plays without a kernel and without a
    network; an index leads to them. Programs run in the page, too: the site has a Python for
    browsers, which a page fetches when it is first needed. Any web server can serve the folder.
    """
    if pyodide and not lite:
        raise click.UsageError("--pyodide is for --lite; leave it out, or add --lite")
    need("site", "nbclient", "nbconvert", "jinja2", "platformdirs", "latex2mathml")
    from kit.authoring.site.build import build as build_site
    from kit.authoring.site.places import checked_name, course_title

    if repository is not None:
        checked_name(repository, "--repository")
    if lite:
        need("lite", "uv", "packaging", "markdown_it", "IPython")
    if pyodide:
        from kit.authoring.lite.distribution import check_distribution

        check_distribution(pyodide)
    pages = build_site(
        paths,
        output,
        course=title,
        repository=repository,
        jobs=jobs or cores(),
        lite=lite,
        python=python,
        tell=click.echo,
    )
    if lite:
        from kit.authoring.lite.build import build_lite

        made = build_lite(
            paths,
            output / "lite",
            pyodide=pyodide,
            title=course_title(title, pages[0].source),
            tell=lambda line: click.echo(f"lite/: {line}"),
        )
        opens = plural(len(made), "notebook")
        click.echo(f"{output / 'lite' / 'index.html'} opens JupyterLab with {opens}.")
    click.echo(f"{output / 'index.html'} leads to {plural(len(pages), 'page')}.")


COMMANDS = (build,)
"""To be added to the `kit` command."""
