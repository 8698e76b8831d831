"""HACS' own rules for a repository; its checker needs GitHub and runs there every week."""

import json
from typing import Final

import pytest
import voluptuous as vol
from homeassistant.helpers import config_validation as cv

from .source import PACKAGE, ROOT, json_of, png_size, version

# Any other key is refused.
HACS_SCHEMA: Final = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Required("homeassistant"): version,
        vol.Optional("hacs"): version,
        vol.Optional("hide_default_branch"): bool,
        vol.Optional("render_readme"): bool,
        vol.Inclusive("zip_release", "zip"): True,
        vol.Inclusive("filename", "zip"): f"{PACKAGE.name}.zip",
    }
)
MANIFEST_SCHEMA: Final = vol.Schema(
    {
        vol.Required("codeowners"): [str],
        vol.Required("documentation"): cv.url,
        vol.Required("domain"): PACKAGE.name,
        vol.Required("issue_tracker"): cv.url,
        vol.Required("name"): str,
        vol.Required("version"): version,
    },
    extra=vol.ALLOW_EXTRA,
)


def test_the_face_in_hacs_keeps_to_its_schema() -> None:
    """HACS refuses a repository with a key that it does not know."""
    HACS_SCHEMA(json.loads((ROOT / "hacs.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("wrong", [{"zip_release": True}, {"topics": []}, {"name": 1}])
def test_another_face_is_refused(wrong: dict[str, object]) -> None:
    """A schema that lets everything through would hold nothing."""
    face = {"name": "Tapo Doctor", "homeassistant": "2026.10.0"}
    assert HACS_SCHEMA(face)
    with pytest.raises(vol.Invalid):
        HACS_SCHEMA({**face, **wrong})


def test_the_manifest_has_what_hacs_reads() -> None:
    """Without one of these it cannot even be added."""
    MANIFEST_SCHEMA(json_of("manifest.json"))


def test_there_is_one_integration() -> None:
    """HACS takes the first directory, whatever it is."""
    directories = [path for path in PACKAGE.parent.iterdir() if path.is_dir()]
    assert [path for path in directories if path.name != "__pycache__"] == [PACKAGE]


def test_it_has_a_face() -> None:
    """Square, of the size that Home Assistant's own brands have."""
    assert png_size(PACKAGE / "brand" / "icon.png") == (256, 256)
    assert png_size(PACKAGE / "brand" / "icon@2x.png") == (512, 512)


def test_people_and_machines_can_read_what_it_is() -> None:
    """GitHub knows a licence by its text."""
    assert (ROOT / "README.md").read_text(encoding="utf-8").startswith("# Tapo Doctor")
    assert (ROOT / "info.md").exists()
    title, _, *body = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    assert title == "MIT License"
    assert body[0].startswith("Copyright (c) ")
    text = " ".join(" ".join(body[1:]).split())
    assert text.startswith("Permission is hereby granted, free of charge, to any person")
    assert text.endswith("OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.")
