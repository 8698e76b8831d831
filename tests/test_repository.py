"""What stands around the code: the archive that HACS installs, and the forms on GitHub."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from homeassistant.util.yaml import load_yaml_dict
from hypothesis import settings

from .source import PACKAGE, ROOT, json_of

if TYPE_CHECKING:
    from pathlib import Path

GITHUB = ROOT / ".github"
YAML = sorted([*GITHUB.rglob("*.yml"), ROOT / ".pre-commit-config.yaml"])


def release(version: str, archive: Path) -> subprocess.CompletedProcess[str]:
    """Build an archive as the release does."""
    return subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / "scripts" / "_release.py"), version, str(archive)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=50,
    )


def test_the_archive_is_what_hacs_unpacks(tmp_path: Path) -> None:
    """HACS unpacks it into the integration's own directory: no wrapper, no left-overs."""
    face = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))
    archive = tmp_path / face["filename"]
    assert release("v1.2.3", archive).returncode == 0
    with ZipFile(archive) as built:
        names = set(built.namelist())
        manifest = json.loads(built.read("manifest.json"))
        assert built.read("const.py") == (PACKAGE / "const.py").read_bytes()
    assert {"__init__.py", "brand/icon.png", "doctor/clues.py", "translations/en.json"} <= names
    assert not [name for name in names if "pycache" in name or name.startswith((".", "/"))]
    assert manifest == {**json_of("manifest.json"), "version": "1.2.3"}
    assert list(manifest) == list(json_of("manifest.json"))


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    """Anybody can see for themselves that the archive holds what the repository shows."""
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    release("1.0.0-beta.1", first)
    release("1.0.0-beta.1", second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("tag", ["", "latest", "1.2", "1.2.3; rm -rf /", "../1.2.3"])
def test_what_is_no_version_is_not_released(tmp_path: Path, tag: str) -> None:
    """Home Assistant would not load it, and HACS not offer it."""
    archive = tmp_path / "tapo_doctor.zip"
    assert release(tag, archive).returncode == 2
    assert not archive.exists()


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_the_files_for_github_can_be_read(path: Path) -> None:
    """A typing error there is found by the first stranger."""
    assert load_yaml_dict(str(path))


def test_a_report_comes_with_what_is_needed() -> None:
    """Without the diagnostics a report is a guess."""
    for name in ("bug.yml", "diagnosis.yml"):
        form = load_yaml_dict(str(GITHUB / "ISSUE_TEMPLATE" / name))
        fields: dict[str, Any] = {field["id"]: field for field in form["body"]}
        assert fields["diagnostics"]["validations"] == {"required": True}
    drafter = load_yaml_dict(str(GITHUB / "release-drafter.yml"))
    listed = {label for category in drafter["categories"] for label in category["labels"]}
    forms = [load_yaml_dict(str(path)) for path in (GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml")]
    assert {label for form in forms for label in form["labels"]} <= listed


def test_the_release_uploads_what_hacs_asks_for() -> None:
    """A name that differs by a letter is a release that nobody can install."""
    workflow = (GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8")
    name = json.loads((ROOT / "hacs.json").read_text(encoding="utf-8"))["filename"]
    assert f'scripts/release "$TAG" {name}' in workflow
    assert f'gh release upload "$TAG" {name}' in workflow


def test_the_desk_is_set_up_by_our_own_scripts() -> None:
    """One way to set up, wherever one works."""
    desk = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert desk["postCreateCommand"] == "scripts/setup"
    hooks = load_yaml_dict(str(ROOT / ".pre-commit-config.yaml"))
    assert [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]] == ["scripts/lint"]


def test_the_parsers_are_tried_ten_thousand_times() -> None:
    """A profile that nobody runs finds nothing."""
    assert settings.get_profile("thorough").max_examples == 10_000
    assert "--hypothesis-profile thorough" in (ROOT / "scripts" / "fuzz").read_text()
    assert "scripts/fuzz" in (GITHUB / "workflows" / "validate.yml").read_text()
