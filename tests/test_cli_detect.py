"""`engage detect`: lines in, decisions out; and what fires on a text."""

import json

import pytest
from click.testing import CliRunner

from engage.cli import main

LINES = [
    {"id": "a", "text": "we had chips and it was fun"},
    {"id": "b", "text": "ma da hits me", "lang": "sco", "question": "home"},
    {"id": "c", "text": ""},
    {"id": "d", "text": "\u0000\ud83d\ude22 ?"},
]
CORPUS = [
    {
        "id": "1",
        "text": "ma da hits me",
        "level": "concern",
        "categories": ["physical"],
    },
    {"id": "2", "text": "we had chips", "level": "none"},
]


def run(*args, **kwargs):
    found = CliRunner().invoke(main, ["detect", *args], **kwargs)
    assert found.exit_code == 0, found.output
    return found.output


def test_lines_come_back_in_order_with_level_and_reasons():
    given = "".join(json.dumps(line) + "\n" for line in LINES)
    found = [json.loads(line) for line in run("--jsonl", input=given).splitlines()]
    assert [each["id"] for each in found] == ["a", "b", "c", "d"]
    assert found[0]["level"] == "none"
    assert found[1]["level"] in ("concern", "now")
    (first, *_) = found[1]["because"]
    assert LINES[1]["text"][first["start"] : first["end"]]
    assert set(first) == {"rule", "reason", "start", "end"}
    assert all(0 <= each["priority"] <= 1 for each in found)


def test_explaining_names_the_rule_and_the_words():
    said = run("--explain", "ma da hits me")
    assert "hits me" in said
    assert "They write" in said


def test_scoring_tells_what_is_caught_and_every_miss(tmp_path):
    file = tmp_path / "dev-mine.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in CORPUS), "utf-8")
    said = run("--score", str(file), "--misses")
    assert "concern" in said
    assert "caught 100.0%" in said
    assert "read first" in said


@pytest.mark.parametrize("line", ["{", '{"id": 1}', '{"id":1,"text":"a","level":"x"}'])
def test_a_line_that_is_no_message_is_named(tmp_path, line):
    file = tmp_path / "bad.jsonl"
    file.write_text(line + "\n", "utf-8")
    found = CliRunner().invoke(main, ["detect", "--score", str(file)])
    assert found.exit_code != 0
    assert "bad.jsonl:1" in found.output


@pytest.mark.parametrize("line", ["{", '{"id": 1}', "[]", "3", '"secret words"'])
def test_a_line_that_is_no_message_is_named_and_not_repeated(line):
    given = '{"id": "a", "text": "hello"}\n' + line + "\n"
    found = CliRunner().invoke(main, ["detect", "--jsonl"], input=given)
    assert found.exit_code == 1
    assert "Line 2 is no message" in found.output
    assert "secret words" not in found.output
    assert json.loads(found.output.splitlines()[0])["id"] == "a"


def test_a_corpus_that_cannot_be_learned_from_is_refused_with_its_line(tmp_path):
    file = tmp_path / "own-mine.jsonl"
    file.write_text("{\n", "utf-8")
    found = CliRunner().invoke(main, ["train", str(file)])
    assert found.exit_code == 1
    assert "own-mine.jsonl:1" in found.output
