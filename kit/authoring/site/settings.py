"""What a course says of its site: the table ``[tool.kit.site]`` of its ``pyproject.toml``."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from kit.check.settings import tables_above
from kit.errors import KitError

TABLE = "[tool.kit.site]"


def site_address(path: Path) -> str:
    """Return where the site of the course that a file belongs to is published.

    It is ``address`` in the table ``[tool.kit.site]`` of the nearest ``pyproject.toml`` that has
    one.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        Such as ``https://example.org/os``; empty if nobody said.

    Raises
    ------
    KitError
        If there is another setting in the table, or it is no address.
    """
    for file, kit in tables_above(path):
        table = kit.get("site")
        if table is None:
            continue
        if not isinstance(table, dict):
            raise KitError(f"{file}: {TABLE} is {table!r}; make it a table")
        for name in table:
            if name != "address":
                raise KitError(f"{file}: {TABLE} has no setting '{name}'; it has address")
        address = table.get("address", "")
        if address != "" and not _is_address(address):
            raise KitError(
                f"{file}: {TABLE} address is {address!r}; give the address of the site, such as "
                "'https://example.org/os'"
            )
        return str(address)
    return ""


def _is_address(value: object) -> bool:
    if not isinstance(value, str) or re.search(r"[\s<>\"'\\]", value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not (parts.query or parts.fragment)
