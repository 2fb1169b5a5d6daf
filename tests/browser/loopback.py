"""Serving folders on loopback, and keeping a page from asking anybody else."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, Route


class _Quiet(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def __init__(
        self,
        *arguments: object,
        places: Mapping[str, Path],
        asked: list[tuple[str, int]],
        **options: object,
    ) -> None:
        self._places, self._asked = places, asked
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Find a file in the folder that the first part of its address names."""
        first, _, rest = path.partition("?")[0].lstrip("/").partition("/")
        if first in self._places:
            self.directory, path = str(self._places[first]), f"/{rest}"
        return super().translate_path(path)

    def log_request(self, code: int | str = "-", _size: int | str = "-") -> None:
        """Keep what was asked for, and how it was answered."""
        self._asked.append((self.path, int(code)))

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(places: Mapping[str, Path], asked: list[tuple[str, int]] | None = None) -> Iterator[str]:
    """Serve folders, each under its name, and yield the address without a slash at its end.

    What is asked for comes into the list *asked*, each with the status of its answer.
    """
    handler = partial(_Quiet, places=places, asked=[] if asked is None else asked)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def keep_to(page: Page, address: str) -> list[str]:
    """Let a page reach only what begins with an address; return what it asks elsewhere, a list."""
    outside: list[str] = []

    def look(route: Route) -> None:
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.context.route("**/*", look)
    return outside
