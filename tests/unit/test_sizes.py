"""Files are short enough to be read at once."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST = 400


def test_no_file_of_the_product_is_long():
    """One subject a file, which has at most 400 lines."""
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((ROOT / "kit").rglob("*.py"))
    }
    assert len(lines) > 100
    assert {name: count for name, count in lines.items() if count > MOST} == {}
