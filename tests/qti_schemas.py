"""Holds an exam in QTI 2.1 to the schemas of 1EdTech, which no package index has.

``python -m tests.qti_schemas FOLDER`` takes them from a folder, such as a checkout of
https://github.com/oat-sa/qti-sdk, whatever is below it, and loads nothing from elsewhere. Where no
package is named, a small exam with a question of each form is made.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from kit.authoring.exam.qti import qti_of
from kit.authoring.exam.sheets import Sheets
from tests.unit.authoring.exam.exams import an_exam

ITEMS, MANIFEST = "imsqti_v2p1.xsd", "imscp_v1p1.xsd"


class Below(etree.Resolver):
    """Finds each schema that another one names below a folder, by its name."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.files = {path.name: path for path in sorted(folder.rglob("*.xsd"))}

    def resolve(self, url: str, _public: str, context: Any) -> Any:
        """Return the file that has the name of an address; a path leads to its file by itself."""
        if not url.startswith("http"):
            return None
        name = url.rpartition("/")[2]
        if name not in self.files:
            raise SystemExit(f"there is no {name} below this folder; take a whole checkout")
        return self.resolve_filename(str(self.files[name]), context)


def faults(package: bytes, folder: Path) -> Iterator[str]:
    """Yield what the schemas find wrong in a package.

    Parameters
    ----------
    package : bytes
    folder : Path
        Where the schemas are.
    """
    below = Below(folder)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(below)
    known = {
        name: etree.XMLSchema(etree.parse(str(below.files[name]), parser))
        for name in (ITEMS, MANIFEST)
    }
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        for name in (one for one in files.namelist() if one.endswith(".xml")):
            schema = known[MANIFEST if name == "imsmanifest.xml" else ITEMS]
            if not schema.validate(etree.fromstring(files.read(name))):
                yield from (f"{name}: {error}" for error in schema.error_log)


def main() -> None:
    """Say what is wrong, and end with 1 if something is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the schemas are")
    parser.add_argument("package", type=Path, nargs="?", help="a qti.zip; else one is made")
    given = parser.parse_args()
    package = given.package.read_bytes() if given.package else qti_of(an_exam(), Sheets())
    found = list(faults(package, given.folder))
    sys.stdout.write("\n".join(found or ["The schemas find nothing."]) + "\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
