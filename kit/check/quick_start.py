"""Loaded first by the command and by all that it starts: leaves out an import that takes a second.

jsonschema, which nbformat loads, looks for a parser of international URLs and builds its
grammar if there is one. No notebook needs it, and jsonschema does without.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
