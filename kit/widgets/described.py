"""What a widget displays where no widget can be shown."""

from __future__ import annotations

from typing import Any


def described(bundle: Any, text: str) -> Any:
    """Return what a widget displays, with stable text for readers without widgets."""
    if isinstance(bundle, tuple):
        return ({**bundle[0], "text/plain": text}, *bundle[1:])
    return {**bundle, "text/plain": text}
