import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.check.results import TIERS
from kit.check.rules import Rule, all_rules, as_table, code_of, rules_called
from kit.cli import commands
from kit.errors import KitError

ROOT = Path(__file__).parents[3]
RULES = all_rules()


def test_codes_are_unique_and_say_the_tier():
    """No two rules share a code, nor two of a tier a name; KC1xx is static, KC2xx execution."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({(rule.tier(), rule.name) for rule in RULES}) == len(RULES)
    assert {rule.code[:3]: rule.tier() for rule in RULES} == {
        f"KC{number}": tier for number, tier in enumerate(TIERS, 1)
    }
    assert all(re.fullmatch(r"KC[1-4]\d\d", rule.code) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_page(rule: type[Rule]):
    """It says in a sentence what holds, and what to do, as a sentence that begins with a verb."""
    assert rule.__doc__ != Rule.__doc__
    assert re.fullmatch(r"[A-Z].*[^.]\.", rule.holds())
    assert rule.remedy[0].islower()
    assert not rule.remedy.endswith(".")
    page = rule.page()
    assert page.startswith(f"{rule.code} {rule.name} ({rule.tier()})\n\n{rule.holds()}")
    assert page.endswith(f"What to do: {rule.remedy}.")


def test_a_rule_of_the_same_name_is_found_in_its_tier():
    """Where two tiers have a rule of one name, a problem has the code of its own tier."""
    assert code_of("static", "exercise") == "KC116"
    assert code_of("execution", "exercise") == "KC218"
    assert code_of("binder", "cell-error") == "KC301"
    assert code_of("static", "no such rule") == ""


def test_rules_are_listed_and_told():
    """`kit rules` prints the table, with a code or a name the pages; a wrong word is explained."""

    def said(*words: str) -> str:
        return CliRunner().invoke(commands, ["rules", *words], catch_exceptions=False).output

    assert said() == as_table(RULES)
    assert said("kc113") == f"{rules_called('links')[0].page()}\n"
    assert [line[:5] for line in said("timeout").splitlines() if line[:2] == "KC"] == [
        "KC209",
        "KC306",
    ]
    with pytest.raises(KitError, match=r"there is no rule 'link'; did you mean 'links'\?"):
        said("link")


def test_the_table_is_up_to_date():
    """The table that the README leads to is made from the rules."""
    page = (ROOT / "kit" / "check" / "RULES.md").read_text(encoding="utf-8")
    assert page == as_table(RULES), "run: kit rules --output kit/check/RULES.md"
