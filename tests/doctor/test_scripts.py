"""Case files are replayed from the command line, the bad ones named, the others still done."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
CASES = Path(__file__).parent / "cases"
GOOD = str(CASES / "account_locked-thirty-minutes.json")


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a person does."""
    return subprocess.run(  # noqa: S603
        [sys.executable, str(SCRIPTS / program), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=50,
    )


def test_a_line_of_json_for_each_file(tmp_path: Path) -> None:
    """Other programs read these lines."""
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": 1, "now": {"login": {"result": "maybe"}}}')
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    done = run("_diagnose.py", "--json", str(bad), GOOD, str(broken), str(tmp_path / "no"), GOOD)
    assert done.returncode == 2
    assert "bad.json: now.login.result: expected one of: ok, rejected" in done.stderr
    assert "broken.json: is not JSON" in done.stderr
    assert "no: cannot be read" in done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == second
    assert list(first) == [
        "file",
        "cause",
        "confidence",
        "ranking",
        "reasons",
        "steps",
        "next_question",
        "power_cycle",
    ]
    assert (first["file"], first["cause"]) == (GOOD, "account_locked")
    assert first["ranking"][0] == {"cause": "account_locked", "probability": first["confidence"]}
    assert set(first["reasons"][0]) == {"sign", "cause", "weight", "values"}
    assert first["steps"][0] == "wait_for_lock"
    assert first["power_cycle"] == {"allowed": False, "reason": "account_locked"}


def test_a_page_for_people(tmp_path: Path) -> None:
    """Words, not keys; and half a character in a title stops nothing."""
    odd = tmp_path / "odd.json"
    odd.write_text('{"format": 1, "title": "\\ud83d"}')
    done = run("_diagnose.py", str(odd), GOOD)
    assert done.returncode == 0
    assert "Locked after failed logins (certain" in done.stdout
    assert "Wait until the lock is over" in done.stdout
    assert "Next question (the doctor can look)" in done.stdout


@pytest.mark.parametrize("arguments", [("_diagnose.py", GOOD), ("_evaluate.py", str(CASES))])
def test_a_reader_that_leaves_ends_it_quietly(arguments: tuple[str, str]) -> None:
    """A traceback after `head` looks like a fault of the mind."""
    program, *rest = arguments
    with subprocess.Popen(  # noqa: S603
        [sys.executable, str(SCRIPTS / program), *rest],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_the_mind_is_judged(tmp_path: Path) -> None:
    """The figures of the README come from here."""
    done = run("_evaluate.py", str(CASES))
    assert done.returncode == 0
    assert "unsafe power cuts        0" in done.stdout
    assert "minutes to repair" in done.stdout
    assert run("_evaluate.py", str(tmp_path)).returncode == 2
