"""What authors and leads see when they type a command."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from engage import cli_scripts


def engage(*words: str, typed: str = "") -> Result:
    @click.group()
    def main() -> None: ...

    cli_scripts.register(main)
    return CliRunner().invoke(main, words, input=typed)


def test_every_published_script_passes_its_check() -> None:
    result = engage("check")
    assert result.exit_code == 0, result.output
    assert "living-at-home.yaml: 0 errors" in result.output


def test_check_tells_programs_too() -> None:
    output = engage("check", "--json", "living-at-home").output
    found, lines = json.loads(output)
    assert lines["script"] == "helplines.yaml"
    assert found["errors"] == 0
    assert {each["voice"] for each in found["figures"]} == {"younger", "older"}


@pytest.mark.parametrize("command", ["check", "walk", "map", "certificate"])
def test_a_script_that_is_not_there_is_named_with_those_that_are(command: str) -> None:
    result = engage(command, "nope")
    assert result.exit_code == 1
    assert "living-at-home" in result.output


def test_a_map_is_written_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "map.svg"
    engage("map", "living-at-home", "--voice", "older", "-o", str(file))
    assert file.read_text("utf-8").startswith("<svg")


def test_a_certificate_has_lines_to_sign() -> None:
    assert "Safeguarding lead: ____" in engage("certificate", "living-at-home").output


def test_a_script_is_walked_back_and_left() -> None:
    result = engage("walk", "living-at-home", typed="1\nb\n\n99\nq\n")
    assert result.exit_code == 0
    assert result.output.count("Do you like") == 2
    assert "try again" in result.output


def test_a_walk_of_skips_comes_to_the_thanks() -> None:
    result = engage("walk", "living-at-home", "--voice", "older", typed="\n" * 60)
    assert result.exit_code == 0
    assert "Thank you." in result.output
