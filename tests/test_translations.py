"""Words for everything that a flow can show, and none that nobody ever sees."""

import ast
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import voluptuous as vol
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig

import custom_components.tapo_doctor
from custom_components.tapo_doctor.enrolment import Outcome

from .translations import WORDS, gaps, untranslated, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SOURCE = Path(custom_components.tapo_doctor.__file__).parent
FLOWS = (
    "config_flow.py",
    "subentry_flow.py",
    "options_flow.py",
    "notice_options.py",
    "plugs.py",
    "repairs.py",
)


def leaves(tree: Mapping[str, Any], *path: str) -> Iterator[tuple[str, ...]]:
    """Walk through all words of a part."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, *path, key)
        else:
            yield (*path, key)


def texts() -> set[str]:
    """Collect every text that stands in the flows' source, the steps' names, and the settings."""
    found = set()
    for name in (*FLOWS, "const.py"):
        for node in ast.walk(ast.parse((SOURCE / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            if isinstance(node, ast.AsyncFunctionDef):
                found.add(node.name.removeprefix("async_step_"))
    return found | {"host", "username", "password"}


@pytest.mark.parametrize("part", ["config", "config_subentries", "options", "issues"])
def test_no_words_are_left_over(part: str) -> None:
    """Words that nobody sees are translated into thirty languages all the same."""
    known = texts()
    named = {"step", "error", "abort", "progress", "data", "data_description", "menu_options"}
    found = [
        (kind, name)
        for path in leaves(WORDS[part])
        for kind, name in pairwise(path)
        if kind in named
    ]
    assert found
    assert not {(kind, name) for kind, name in found if name not in known}


def test_every_outcome_of_a_trial_has_words() -> None:
    """And no other has."""
    assert set(WORDS["selector"]["outcome"]["options"]) == set(Outcome)


def test_a_field_is_named_and_explained() -> None:
    """A name without an explanation is a question to the forum."""
    count = 0
    for part in ("config", "options"):
        steps = WORDS[part]["step"].values()
        sections = [one for step in steps for one in step.get("sections", {}).values()]
        for step in (*steps, *sections):
            assert step.get("data", {}).keys() == step.get("data_description", {}).keys()
            count += len(step.get("data", {}))
    assert count > 5


# The check itself


def shown(kind: FlowResultType, **more: Any) -> dict[str, Any]:
    """Return a page that a flow shows."""
    page = {"type": kind, "step_id": "account", "errors": None, "data_schema": None}
    return {**page, "description_placeholders": None, **more}


FORM, MENU, ABORT = FlowResultType.FORM, FlowResultType.MENU, FlowResultType.ABORT


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        (shown(FORM), 0),
        (shown(FORM, step_id="nowhere"), 1),
        (shown(FORM, data_schema=vol.Schema({vol.Required("username"): str})), 0),
        (shown(FORM, data_schema=vol.Schema({vol.Required("shoe_size"): str})), 2),
        (shown(FORM, errors={"base": "invalid_address"}), 0),
        (shown(FORM, errors={"base": "bad_luck"}), 1),
        (shown(FORM, errors={"base": "locked"}), 1),
        (
            shown(FORM, errors={"base": "locked"}, description_placeholders={"minutes": "3"}),
            0,
        ),
        (shown(FORM, step_id="discovery_confirm"), 1),
        (shown(MENU, step_id="user", menu_options=["account"]), 0),
        (shown(MENU, step_id="user", menu_options=["account", "lottery"]), 1),
        (shown(FlowResultType.SHOW_PROGRESS, progress_action="search"), 0),
        (shown(FlowResultType.SHOW_PROGRESS, progress_action="dancing"), 1),
        (shown(ABORT, reason="not_set_up"), 0),
        (shown(ABORT, reason="bored"), 1),
        (shown(ABORT, reason="reauth_successful", translation_domain="homeassistant"), 0),
        (shown(FlowResultType.CREATE_ENTRY), 0),
    ],
)
def test_what_has_no_words_is_found(page: dict[str, Any], missing: int) -> None:
    """A check that finds nothing would be worse than none."""
    assert len(untranslated("config", page)) == missing


def test_a_choice_without_words_is_found() -> None:
    """The options of a field are read by people, too."""
    select = SelectSelector(
        SelectSelectorConfig(options=["normal", "frantic"], translation_key="sensitivity")
    )
    schema = vol.Schema({vol.Required("sensitivity"): select})
    page = shown(FORM, step_id="init", data_schema=schema)
    wrong = untranslated("options", page)
    assert wrong == {"no words for selector.sensitivity.options.frantic"}


def test_words_are_found_by_their_path() -> None:
    """A part is not a text."""
    assert words("title") == "Tapo Doctor"
    assert words("config") is None
    assert words("config.step.nowhere.title") is None
    assert gaps("{a} and {b}, {{no}}") == {"a", "b"}
