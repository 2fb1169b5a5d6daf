from pathlib import Path

import pytest

from kit import KitError
from kit.check.profiles import ALWAYS, COURSE, PROFILES, WIDGETS, Choice, check_choice, counts
from kit.check.rules import all_rules
from kit.check.settings import Settings


def test_profiles_leave_out_rules_that_exist():
    """A profile names no rule that there is not, and never one that always counts."""
    names = {rule.name for rule in all_rules()}
    for left_out in (*PROFILES.values(), ALWAYS):
        assert left_out <= names
    assert not any(left_out & ALWAYS for left_out in PROFILES.values())


@pytest.mark.parametrize(
    ("choices", "wanted"),
    [
        ([Choice(COURSE)], True),
        ([Choice(WIDGETS)], False),
        ([Choice(WIDGETS, on=("steps",))], True),
        ([Choice(WIDGETS, on=("kc110",))], True),
        ([Choice(COURSE, off=("KC110",))], False),
        ([Choice(COURSE, off=("steps",)), Choice(on=("steps",))], True),
        ([Choice(COURSE, on=("steps",)), Choice(WIDGETS)], False),
        ([Choice(WIDGETS), Choice()], False),
    ],
)
def test_who_chooses_last_has_the_last_word(choices: list[Choice], wanted: bool):
    """Single rules go over a profile, and the command over the settings."""
    assert counts("steps", "KC110", choices) is wanted
    assert counts("readable", "KC101", choices)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (Choice("widget"), "did you mean 'widgets'?"),
        (Choice(off=("stesp",)), "did you mean 'steps'?"),
        (Choice(on=("KC999",)), "there is no rule 'KC999'"),
        (Choice(off=("readable",)), "cannot be off"),
        (Choice(off=("KC201",)), "cannot be off"),
        (Choice(on=("links",), off=("links",)), "both on and off"),
    ],
)
def test_a_wrong_choice_is_explained(tmp_path: Path, choice: Choice, says: str):
    """It is one sentence, and in the settings one that names the file."""
    with pytest.raises(KitError, match=says.replace("?", r"\?")):
        check_choice(choice)
    lines = [f'profile = "{choice.profile}"'] if choice.profile else []
    lines += [f"on = {[*choice.on]}", f"off = {[*choice.off]}"]
    (tmp_path / "pyproject.toml").write_text("[tool.kit.check]\n" + "\n".join(lines))
    with pytest.raises(KitError) as caught:
        Settings.near(tmp_path)
    assert says in str(caught.value)
    assert str(tmp_path / "pyproject.toml") in str(caught.value)
