"""Home Assistant's own rules for an integration's files, as far as they can be had offline.

Its checker, hassfest, is part of no package; on GitHub it runs every week.
"""

import ast
import json
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import hass_frontend
import pytest
import voluptuous as vol
from homeassistant import components
from homeassistant.const import Platform
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.selector import TargetSelector, validate_selector
from packaging.requirements import Requirement

from custom_components.tapo_doctor import PLATFORMS
from custom_components.tapo_doctor.const import DOMAIN

from .source import PACKAGE, ROOT, json_of, modules, name_of, nodes, version, yaml_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MANIFEST: Final = json_of("manifest.json")
ICONS: Final = json_of("icons.json")
WORDS: Final = json_of("translations/en.json")
LANGUAGES: Final = sorted(path.name for path in (PACKAGE / "translations").glob("*.json"))


def refused(schema: Callable[[Any], Any], data: object) -> str | None:
    """Say what a schema has against some data."""
    try:
        schema(data)
    except vol.Invalid as error:
        return str(error)
    return None


# The manifest


def upper_with_star(value: str) -> str:
    """Refuse what could never match the address of a device."""
    if value != value.upper() or "*" not in value:
        raise vol.Invalid("expected capitals and a star")
    return value


def https(value: str) -> str:
    """Take addresses that a browser opens safely."""
    cv.url(value)
    if not value.startswith("https://"):
        raise vol.Invalid("expected https")
    return value


MANIFEST_SCHEMA: Final = vol.Schema(
    {
        vol.Required("domain"): DOMAIN,
        vol.Required("name"): str,
        vol.Optional("after_dependencies"): [str],
        vol.Required("codeowners"): vol.All([vol.Match(r"^@[\w-]+$")], vol.Length(min=1)),
        vol.Required("config_flow"): True,
        vol.Optional("dependencies"): [str],
        vol.Optional("dhcp"): [
            {
                vol.Optional("hostname"): vol.All(str, vol.Lower),
                vol.Optional("macaddress"): upper_with_star,
                vol.Optional("registered_devices"): bool,
            }
        ],
        vol.Required("documentation"): https,
        vol.Required("integration_type"): vol.In(["device", "hub", "service"]),
        vol.Required("iot_class"): vol.In(["local_polling", "local_push"]),
        vol.Required("issue_tracker"): https,
        vol.Optional("loggers"): [str],
        vol.Required("requirements"): [str],
        vol.Required("version"): version,
    }
)


def test_the_manifest_keeps_to_its_schema() -> None:
    """Home Assistant does not load an integration whose manifest it cannot read."""
    assert refused(MANIFEST_SCHEMA, MANIFEST) is None


def test_the_keys_of_the_manifest_are_in_order() -> None:
    """Domain, name, then by the alphabet."""
    first, second, *rest = MANIFEST
    assert (first, second) == ("domain", "name")
    assert rest == sorted(rest)


@pytest.mark.parametrize("line", MANIFEST["requirements"])
def test_a_requirement_says_from_when_on_and_pins_nothing(line: str) -> None:
    """A pin would fight the version that Home Assistant's own integrations pin."""
    (bound,) = Requirement(line).specifier
    assert bound.operator == ">="


def test_every_integration_that_is_used_is_a_dependency() -> None:
    """Else it may not have been set up yet when ours is."""
    needs, follows = MANIFEST.get("dependencies", []), MANIFEST.get("after_dependencies", [])
    assert not set(needs) & set(follows)
    available = {path.name for path in Path(components.__path__[0]).iterdir()}
    assert set(needs) | set(follows) <= available
    used = {integration for path in modules() for integration in integrations_of(path)}
    assert used
    # A platform of the same name is only loaded by the integration that it is made for.
    ours = {path.removesuffix(".py") for path in modules()}
    known = {*map(str, Platform), *ALWAYS_THERE, *needs, *follows, *ours}
    # A discovery matcher in the manifest brings the integration that does the discovering.
    known |= MANIFEST.keys() & {"dhcp"}
    assert used <= known


# Loaded in every Home Assistant, or without a set-up of their own.
ALWAYS_THERE: Final = frozenset(
    {"automation", "frontend", "homeassistant", "persistent_notification", "system_health"}
    | {"system_log", "webhook", "websocket_api", "device_automation", "script", "group"}
)


def integrations_of(path: str) -> Iterator[str]:
    """Name Home Assistant's integrations that a module imports while running."""
    tree = modules()[path]
    aside = {
        inner
        for node in nodes(ast.If, under=tree)
        if name_of(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in nodes(ast.ImportFrom, under=tree):
        module = node.module or ""
        if node in aside or not module.startswith("homeassistant.components"):
            continue
        _, _, *deeper = module.split(".")
        yield from deeper[:1] or (alias.name for alias in node.names)


def test_an_integration_that_is_set_up_by_dialog_says_so() -> None:
    """Else lines in configuration.yaml would be taken without a word, and mean nothing."""
    init = modules()["__init__.py"]
    functions = {node.name for node in nodes(ast.AsyncFunctionDef, under=init)}
    assigned = {
        name_of(target) for node in nodes(ast.Assign, under=init) for target in node.targets
    }
    assert "async_setup_entry" in functions
    assert ("async_setup" in functions) <= ("CONFIG_SCHEMA" in assigned)


# The words

_URL: Final = re.compile(r"(\w+://|www\.)\S", re.IGNORECASE)
_QUOTED_GAP: Final = re.compile(r"'{\w+}'")


def text(value: object) -> str:
    """Take a text that Home Assistant can show and translators can work on."""
    plain = cv.string_with_no_html(value)
    if plain != plain.strip() or not plain:
        raise vol.Invalid("begins or ends with a space")
    if _URL.search(plain):
        raise vol.Invalid("holds an address: that is for placeholders")
    if _QUOTED_GAP.search(plain) or "[%" in plain:
        raise vol.Invalid("quotes a placeholder, or refers to another text")
    try:
        gaps = [gap for _, gap, _, _ in string.Formatter().parse(plain) if gap is not None]
    except ValueError as error:
        raise vol.Invalid("has a brace without its partner") from error
    if not all(gap.isidentifier() for gap in gaps):
        raise vol.Invalid("has a placeholder that is no name")
    return plain


def fixed(value: object) -> str:
    """Take a text in which Home Assistant fills in nothing."""
    if "{" in text(value):
        raise vol.Invalid("nothing is filled in here")
    return str(value)


KEY: Final = vol.Match(r"^(?!.+[_-]{2})(?![_-])[a-z0-9-_]+(?<![_-])$")
FIELD: Final = {vol.Required("name"): text, vol.Required("description"): text}
SECTION: Final = {
    vol.Optional("name"): text,
    vol.Optional("description"): text,
    vol.Optional("data"): {KEY: text},
    vol.Optional("data_description"): {KEY: text},
}
STEP: Final = {
    vol.Optional("title"): text,
    vol.Optional("description"): text,
    vol.Optional("submit"): text,
    vol.Optional("data"): {KEY: text},
    vol.Optional("data_description"): {KEY: text},
    vol.Optional("menu_options"): {KEY: text},
    vol.Optional("menu_option_descriptions"): {KEY: text},
    vol.Optional("sections"): {KEY: SECTION},
}
FLOW: Final = {
    vol.Required("step"): {KEY: STEP},
    **{vol.Optional(part): {KEY: text} for part in ("error", "abort", "progress", "create_entry")},
}
STATES: Final = {vol.Optional("name"): text, vol.Optional("state"): {KEY: fixed}}
ENTITY: Final = {
    **STATES,
    vol.Optional("unit_of_measurement"): fixed,
    vol.Optional("state_attributes"): {KEY: STATES},
}
ACTION: Final = {
    **FIELD,
    vol.Optional("fields"): {KEY: {**FIELD, vol.Optional("example"): text}},
    vol.Optional("sections"): {
        KEY: {vol.Required("name"): text, vol.Optional("description"): text}
    },
}
ISSUE: Final = vol.All(
    {
        vol.Required("title"): text,
        vol.Optional("short_title"): text,
        vol.Exclusive("description", "fixable"): text,
        vol.Exclusive("fix_flow", "fixable"): FLOW,
    },
    cv.has_at_least_one_key("description", "fix_flow"),
)
TRANSLATIONS: Final = vol.Schema(
    {
        vol.Optional("title"): text,
        vol.Optional("config"): {**FLOW, vol.Optional("flow_title"): text},
        vol.Optional("config_subentries"): {
            KEY: {
                **FLOW,
                vol.Required("entry_type"): text,
                vol.Required("initiate_flow"): {vol.Required("user"): text, KEY: text},
            }
        },
        vol.Optional("options"): FLOW,
        vol.Optional("selector"): {
            KEY: {
                vol.Optional("options"): {KEY: text},
                vol.Optional("unit_of_measurement"): {KEY: text},
            }
        },
        vol.Optional("entity"): {cv.slug: {KEY: ENTITY}},
        vol.Optional("device"): {KEY: {vol.Optional("name"): text}},
        vol.Optional("device_automation"): {KEY: {KEY: text}},
        vol.Optional("exceptions"): {KEY: {vol.Required("message"): text}},
        vol.Optional("issues"): {KEY: ISSUE},
        vol.Optional("services"): {cv.slug: ACTION},
        vol.Optional("triggers"): {cv.slug: ACTION},
        vol.Optional("conditions"): {cv.slug: ACTION},
        vol.Optional("system_health"): {vol.Optional("info"): {KEY: text}},
        vol.Optional("common"): {cv.slug: text},
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_keep_to_the_schema(language: str) -> None:
    """What stands in the wrong place is not shown, and nobody is told."""
    assert refused(TRANSLATIONS, json_of(f"translations/{language}")) is None


def flows_of(words: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return every dialog there are words for."""
    yield from (words[part] for part in ("config", "options") if part in words)
    yield from words.get("config_subentries", {}).values()
    yield from (
        issue["fix_flow"] for issue in words.get("issues", {}).values() if "fix_flow" in issue
    )


def test_every_explanation_belongs_to_a_field() -> None:
    """An explanation without its field is a left-over of a field that is gone."""
    steps = [step for flow in flows_of(WORDS) for step in flow["step"].values()]
    steps += [section for step in steps for section in step.get("sections", {}).values()]
    assert sum("data_description" in step for step in steps) > 3
    for step in steps:
        assert step.get("data_description", {}).keys() <= step.get("data", {}).keys()


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"title": "Tapo <b>Doctor</b>"}, "HTML"),
        ({"title": " Tapo Doctor"}, "space"),
        ({"title": "See https://example.org"}, "address"),
        ({"title": "See www.example.org"}, "address"),
        ({"title": "The '{name}'"}, "quotes"),
        ({"title": "[%key:common::name%]"}, "refers"),
        ({"title": "The {name"}, "brace"),
        ({"title": "The {0}"}, "no name"),
        ({"titel": "Tapo Doctor"}, "titel"),
        ({"config": {"title": "Tapo Doctor", "step": {}}}, "title"),
        ({"issues": {"gone": {"title": "Gone"}}}, "fix_flow"),
        ({"services": {"pause": {"name": "Pause"}}}, "description"),
        ({"entity": {"sensor": {"status": {"state": {"off": "{what}"}}}}}, "filled in"),
        ({"entity": {"sensor": {"_status": {}}}}, "_status"),
    ],
)
def test_words_that_break_a_rule_are_refused(words: dict[str, Any], fault: str) -> None:
    """A schema that lets everything through would hold nothing."""
    assert fault in (refused(TRANSLATIONS, words) or "")


# Actions, triggers, conditions

FIELD_SCHEMA: Final = vol.Schema(
    {
        vol.Optional("required"): bool,
        vol.Optional("default"): vol.Any(bool, int, float, str, list, dict),
        vol.Optional("example"): vol.Any(bool, int, float, str, list, dict),
        vol.Optional("filter"): dict,
        vol.Required("selector"): validate_selector,
    }
)
ACTIONS_SCHEMA: Final = vol.Schema(
    {
        cv.slug: vol.Any(
            None,
            {
                vol.Optional("target"): vol.Any(None, TargetSelector.CONFIG_SCHEMA),
                vol.Optional("fields"): {
                    cv.slug: vol.Any(
                        FIELD_SCHEMA,
                        {
                            vol.Optional("collapsed"): bool,
                            vol.Required("fields"): {cv.slug: FIELD_SCHEMA},
                        },
                    )
                },
            },
        )
    }
)
KINDS: Final = ("services", "triggers", "conditions")


def fields_of(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the fields of an action, those in sections too."""
    found: dict[str, Any] = {}
    for name, field in ((row or {}).get("fields") or {}).items():
        found |= field.get("fields", {name: field})
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_of_actions_keep_to_the_schema(kind: str) -> None:
    """An action whose description cannot be read has no form in the automation editor."""
    assert refused(ACTIONS_SCHEMA, yaml_of(f"{kind}.yaml")) is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_action_has_words_and_an_icon(kind: str) -> None:
    """And every field of it; and nothing has words that is not there."""
    rows, words, icons = yaml_of(f"{kind}.yaml"), WORDS.get(kind, {}), ICONS.get(kind, {})
    assert rows.keys() == words.keys() == icons.keys()
    for name, row in rows.items():
        assert fields_of(row).keys() == words[name].get("fields", {}).keys(), name
        for field in fields_of(row).values():
            for selector in field["selector"].values():
                key = (selector or {}).get("translation_key")
                assert key is None or key in WORDS["selector"]


@pytest.mark.parametrize(
    ("module", "mark", "table"),
    [
        ("services.py", "async_register", "services.yaml"),
        ("trigger.py", "async_get_triggers", "triggers.yaml"),
    ],
)
def test_what_is_registered_is_described(module: str, mark: str, table: str) -> None:
    """An action without a description is one that only its author can use."""
    source = (PACKAGE / module).read_text(encoding="utf-8") if module in modules() else ""
    assert (mark in source) == bool(yaml_of(table))


# Icons


def icon(value: str) -> str:
    """Take an icon that the frontend has."""
    if value.removeprefix("mdi:") not in MDI or not value.startswith("mdi:"):
        raise vol.Invalid(f"no icon of that name: {value}")
    return value


def _icon_names() -> frozenset[str]:
    listed = Path(hass_frontend.where()) / "static" / "mdi" / "iconList.json"
    return frozenset(row["name"] for row in json.loads(listed.read_text(encoding="utf-8")))


MDI: Final = _icon_names()


def rising(ranges: dict[str, str]) -> dict[str, str]:
    """Take ranges that are written from the lowest up."""
    steps = [float(step) for step in ranges]
    if steps != sorted(steps):
        raise vol.Invalid("expected ranges that rise")
    return ranges


def unlike_default(row: dict[str, Any]) -> dict[str, Any]:
    """Refuse a state's icon that is the default one."""
    if row.get("default") in {**row.get("state", {}), **row.get("range", {})}.values():
        raise vol.Invalid("the default needs no row of its own")
    return row


_ICON_ROW: Final = {
    vol.Optional("default"): icon,
    vol.Optional("state"): {KEY: icon},
    vol.Optional("range"): vol.All({str: icon}, rising),
}
ICONS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional("entity"): {
            cv.slug: {
                KEY: vol.All(
                    {
                        **_ICON_ROW,
                        vol.Optional("state_attributes"): {KEY: vol.All(_ICON_ROW, unlike_default)},
                    },
                    unlike_default,
                )
            }
        },
        vol.Optional("services"): {
            cv.slug: {vol.Required("service"): icon, vol.Optional("sections"): {KEY: icon}}
        },
        vol.Optional("triggers"): {cv.slug: {vol.Required("trigger"): icon}},
        vol.Optional("conditions"): {cv.slug: {vol.Required("condition"): icon}},
        vol.Optional("issues"): dict,
    }
)


def test_the_icons_keep_to_the_schema() -> None:
    """An icon that does not exist is an empty place."""
    assert refused(ICONS_SCHEMA, ICONS) is None


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"default": "mdi:no-such-icon"}, "no icon"),
        ({"default": "wifi"}, "no icon"),
        ({"default": "mdi:wifi", "state": {"on": "mdi:wifi"}}, "default"),
        ({"range": {"10": "mdi:wifi", "5": "mdi:wifi-off"}}, "rise"),
    ],
)
def test_icons_that_break_a_rule_are_refused(row: dict[str, Any], fault: str) -> None:
    """A schema that lets everything through would hold nothing."""
    assert fault in (refused(ICONS_SCHEMA, {"entity": {"sensor": {"status": row}}}) or "")


def test_no_file_of_ours_has_a_name_that_home_assistant_looks_up_for_something_else() -> None:
    """It would load `notify.py` as a platform, whatever is in it."""
    ours = {path.removesuffix(".py") for path in modules()}
    assert ours & set(map(str, Platform)) == set(map(str, PLATFORMS))
    assert not ours & {"recorder", "device_trigger", "device_condition", "device_action", "intent"}
    assert not (ROOT / "custom_components" / DOMAIN / "strings.json").exists()
