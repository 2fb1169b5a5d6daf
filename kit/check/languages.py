"""The languages in which a course can be taught: what the steps of a lesson are called."""

from __future__ import annotations

ENGLISH = "en"

NAMES: dict[str, tuple[str, ...]] = {
    "de": ("Ziel", "Vorhersagen", "Erkunden", "Verändern", "Erklären", "Übertragen"),
    "en": ("Goal", "Predict", "Explore", "Change", "Explain", "Transfer"),
    "es": ("Objetivo", "Predecir", "Explorar", "Cambiar", "Explicar", "Transferir"),
    "fr": ("Objectif", "Prédire", "Explorer", "Modifier", "Expliquer", "Transférer"),
    "it": ("Obiettivo", "Prevedere", "Esplorare", "Modificare", "Spiegare", "Trasferire"),
    "nl": ("Doel", "Voorspellen", "Verkennen", "Veranderen", "Uitleggen", "Toepassen"),
    "pt": ("Objetivo", "Prever", "Explorar", "Mudar", "Explicar", "Transferir"),
}
"""Language -> the goal, and the five steps in their order."""


BEFORE: dict[str, str] = {
    "de": "Vorher",
    "en": "Before",
    "es": "Antes",
    "fr": "Avant",
    "it": "Prima",
    "nl": "Vooraf",
    "pt": "Antes",
}
"""Language -> the step in which earlier lessons are asked about; a lesson may leave it out."""


def before_in(language: str) -> tuple[str, ...]:
    """Return the names that the step before the prediction may have; English is always taken."""
    given = BEFORE.get(main_of(language), BEFORE[ENGLISH])
    return tuple(dict.fromkeys((given, BEFORE[ENGLISH])))


def main_of(language: str) -> str:
    """Return the language itself: "de" of "de-AT"."""
    return language.replace("_", "-").partition("-")[0].casefold()


def names_in(language: str, own: tuple[str, ...] = ()) -> tuple[tuple[str, ...], ...]:
    """Return the goal and each step of a lesson, with all names that it may have.

    Parameters
    ----------
    language : str
        Such as "de"; the English names are always taken, too.
    own : tuple of str
        Names that a course gives them, if any: six, the goal first.
    """
    given = own or NAMES.get(main_of(language), NAMES[ENGLISH])
    return tuple(tuple(dict.fromkeys(names)) for names in zip(given, NAMES[ENGLISH], strict=True))
