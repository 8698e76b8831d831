"""Checks that every word a flow shows stands in `translations/en.json`, where people read it.

The test kit has no such check: a missing word is an empty place on a person's screen, and a
placeholder that nobody fills is a pair of braces there.
"""

import json
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant.components.repairs import RepairsFlowManager
from homeassistant.config_entries import (
    ConfigEntriesFlowManager,
    ConfigSubentryFlowManager,
    OptionsFlowManager,
)
from homeassistant.data_entry_flow import FlowManager, FlowResultType, section
from homeassistant.helpers.selector import SelectSelector

import custom_components.tapo_doctor
from custom_components.tapo_doctor.const import DOMAIN
from custom_components.tapo_doctor.issues import TROUBLE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

FILE: Final = Path(custom_components.tapo_doctor.__file__).parent / "translations" / "en.json"
WORDS: Final[Mapping[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))


def words(path: str) -> str | None:
    """Return the words at a path such as `config.step.user.title`."""
    found: Any = WORDS
    for key in path.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, str) and found else None


def gaps(text: str) -> set[str]:
    """Return the placeholders of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _paths(section: str, result: Mapping[str, Any]) -> Iterator[str]:
    """Name all words that a result needs."""
    step = f"{section}.step.{result.get('step_id')}"
    match result["type"]:
        case FlowResultType.FORM:
            yield f"{step}.title"
            yield from _fields(step, result["data_schema"].schema if result["data_schema"] else {})
            for error in (result["errors"] or {}).values():
                yield f"{section}.error.{error}"
        case FlowResultType.MENU:
            yield f"{step}.title"
            for option in result["menu_options"]:
                yield f"{step}.menu_options.{option}"
        case FlowResultType.SHOW_PROGRESS:
            yield f"{section}.progress.{result['progress_action']}"
        case FlowResultType.CREATE_ENTRY if section.startswith("issues."):
            yield f"{section}.create_entry.{result['description']}"
        case FlowResultType.ABORT if result.get("translation_domain") in {None, DOMAIN}:
            yield f"{section}.abort.{result['reason']}"


def _fields(place: str, fields: Mapping[Any, object]) -> Iterator[str]:
    for marker, validator in fields.items():
        if isinstance(validator, section):
            yield f"{place}.sections.{marker}.name"
            yield from _fields(f"{place}.sections.{marker}", validator.schema.schema)
            continue
        yield f"{place}.data.{marker}"
        yield f"{place}.data_description.{marker}"
        yield from _choices(validator)


def _choices(validator: object) -> Iterator[str]:
    if isinstance(validator, SelectSelector) and (key := validator.config.get("translation_key")):
        for option in validator.config["options"]:
            yield f"selector.{key}.options.{option}"


def untranslated(section: str, result: Mapping[str, Any]) -> set[str]:
    """Return what a person would see no words for, or words with an empty place in them."""
    filled = set(result.get("description_placeholders") or {})
    wrong = set()
    for path in _paths(section, result):
        text = words(path)
        if text is None:
            wrong.add(f"no words for {path}")
        elif gaps(text) - filled:
            wrong.add(f"{path} leaves {gaps(text) - filled} empty")
    description = words(f"{section}.step.{result.get('step_id')}.description") or ""
    if gaps(description) - filled and result["type"] in {FlowResultType.FORM, FlowResultType.MENU}:
        wrong.add(f"the description of {result['step_id']} leaves a place empty")
    return wrong


def _section(manager: object, flow: Any) -> str | None:
    """Say which part of the words a flow takes its own from; None if it is not ours."""
    if isinstance(manager, ConfigEntriesFlowManager):
        return "config" if flow.handler == DOMAIN else None
    if isinstance(manager, ConfigSubentryFlowManager):
        entry_id, kind = flow.handler
        section = f"config_subentries.{kind}"
    elif isinstance(manager, OptionsFlowManager):
        entry_id, section = flow.handler, "options"
    elif isinstance(manager, RepairsFlowManager):
        return f"issues.{TROUBLE}.fix_flow" if flow.handler == DOMAIN else None
    else:
        return None
    entry = flow.hass.config_entries.async_get_entry(entry_id)
    # A dialog may outlive its home, and has to say so in words.
    return section if entry is None or entry.domain == DOMAIN else None


@pytest.fixture
def flows_are_translated(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Look over the shoulder of everybody who goes through one of our flows."""
    wrong: set[str] = set()
    handle = FlowManager._async_handle_step

    async def look(manager: Any, flow: Any, *args: Any) -> Any:
        result = await handle(manager, flow, *args)
        if (section := _section(manager, flow)) is not None:
            wrong.update(untranslated(section, result))
        return result

    monkeypatch.setattr(FlowManager, "_async_handle_step", look)
    yield
    assert not wrong, "\n".join(sorted(wrong))
