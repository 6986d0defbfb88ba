from pathlib import Path

import pytest
from importlinter.cli import lint_imports

HERE = Path(__file__).parent
ROOT = HERE.parent
FORBIDDEN = {"utils", "helpers", "common", "misc"}


def test_dependencies_point_inwards():
    assert lint_imports(no_cache=True) == 0


@pytest.mark.parametrize("folder", ["engage", "tests"])
def test_no_file_grows_beyond_three_hundred_lines(folder):
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / folder).rglob("*.py")
        if (lines := len(file.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_module_is_named_for_nothing():
    named = {file.stem for file in (ROOT / "engage").rglob("*.py")}
    assert not named & FORBIDDEN


def test_only_paths_asks_where_it_is():
    asking = {
        file.name
        for file in (ROOT / "engage").rglob("*.py")
        if "__file__" in file.read_text("utf-8")
    }
    assert asking <= {"paths.py"}
