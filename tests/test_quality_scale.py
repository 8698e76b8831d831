"""The 54 rules of Home Assistant's quality scale, each with the test that holds it.

Nobody checks them for a custom integration; so this does.
"""

import ast
import re
import tomllib
from importlib.metadata import metadata
from typing import TYPE_CHECKING, Any, Final

import pytest
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import entity_sources
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from packaging.requirements import Requirement

from custom_components.tapo_doctor import PLATFORMS
from custom_components.tapo_doctor.const import DOMAIN

from .source import PACKAGE, ROOT, json_of, modules, name_of, nodes, yaml_of
from .translations import gaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from homeassistant.core import HomeAssistant
    from pytest_homeassistant_custom_component.common import MockConfigEntry

    from .fakes import FakeSenses

README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
WORDS: Final = json_of("translations/en.json")
SCALE: Final[dict[str, Any]] = yaml_of("quality_scale.yaml")["rules"]
# Rule by rule, the test that holds it: of this file where no other is named.
HELD_BY: Final = {
    # Bronze
    "action-setup": "test_actions_are_there_before_and_after_the_home",
    "appropriate-polling": "test_every_clock_has_its_pace",
    "brands": "test_hacs.py::test_it_has_a_face",
    "common-modules": "test_what_is_shared_stands_where_it_is_looked_for",
    "config-flow-test-coverage": "test_the_suite_wants_every_branch_of_the_dialogs",
    "config-flow": "test_translations.py::test_a_field_is_named_and_explained",
    "dependency-transparency": "test_requirements_are_free_software",
    "docs-actions": "test_the_manual_names_every_action",
    "docs-conditions": "test_there_are_no_conditions",
    "docs-high-level-description": "test_the_manual_has_its_chapters",
    "docs-installation-instructions": "test_the_manual_has_its_chapters",
    "docs-removal-instructions": "test_the_manual_has_its_chapters",
    "docs-triggers": "test_the_manual_names_every_action",
    "entity-event-setup": "test_nothing_is_followed_before_an_entity_is_added",
    "entity-unique-id": "test_every_entity_is_known_by_its_id",
    "has-entity-name": "test_every_entity_is_known_by_its_id",
    "runtime-data": "test_what_runs_hangs_on_the_entry",
    "test-before-configure": "test_config_flow.py"
    "::test_a_refusal_is_told_by_its_kind_and_the_camera_can_be_added",
    "test-before-setup": "test_init.py::test_a_home_full_of_dead_cameras_starts",
    "unique-config-entry": "test_config_flow.py::test_the_same_home_is_not_set_up_twice",
    # Silver
    "action-exceptions": "test_what_goes_wrong_is_said_in_words",
    "config-entry-unloading": "test_init.py::test_unloading_leaves_nothing_behind",
    "docs-configuration-parameters": "test_the_manual_names_every_field",
    "docs-installation-parameters": "test_the_manual_names_every_field",
    "entity-unavailable": "test_the_entities_of_a_dead_camera_stay_available",
    "integration-owner": "test_hassfest.py::test_the_manifest_keeps_to_its_schema",
    "log-when-unavailable": "test_coordinator.py::test_an_outage_is_two_lines_in_the_log",
    "parallel-updates": "test_every_platform_says_how_many_at_once",
    "reauthentication-flow": "test_config_flow.py::test_a_new_password_is_tried_and_taken",
    "test-coverage": "test_the_suite_wants_every_branch_of_the_dialogs",
    # Gold
    "devices": "test_init.py::test_each_camera_is_a_device_with_its_identity",
    "diagnostics": "test_home_and_device_have_diagnostics",
    "discovery-update-info": "test_a_camera_that_moves_is_followed",
    "discovery": "test_announce.py::test_a_camera_that_appears_is_offered_once",
    "docs-data-update": "test_the_manual_has_its_chapters",
    "docs-examples": "test_the_manual_has_its_chapters",
    "docs-known-limitations": "test_the_manual_has_its_chapters",
    "docs-supported-devices": "test_the_manual_has_its_chapters",
    "docs-supported-functions": "test_the_manual_names_every_entity",
    "docs-troubleshooting": "test_the_manual_has_its_chapters",
    "docs-use-cases": "test_the_manual_has_its_chapters",
    "dynamic-devices": "test_init.py::test_a_camera_added_later_gets_its_entities_without_a_reload",
    "entity-category": "test_every_entity_is_known_by_its_id",
    "entity-device-class": "test_every_entity_is_known_by_its_id",
    "entity-disabled-by-default": "test_entities.py::test_the_entities_are_those_of_the_design",
    "entity-translations": "test_every_entity_is_named_in_the_translations",
    "exception-translations": "test_what_goes_wrong_is_said_in_words",
    "icon-translations": "test_no_icon_stands_in_the_code",
    "reconfiguration-flow": "test_config_flow.py::test_a_home_can_give_up_its_account",
    "repair-issues": "test_every_issue_can_be_mended_in_a_dialog",
    "stale-devices": "test_the_device_of_a_camera_goes_with_it",
    # Platinum
    "async-dependency": "test_no_library_is_waited_for_in_a_thread",
    "inject-websession": "test_every_session_is_home_assistants",
    "strict-typing": "test_types_are_checked_strictly",
}


# The list itself


def test_every_rule_has_an_answer_and_a_test() -> None:
    """A rule that nobody mentions is one that nobody keeps."""
    assert len(HELD_BY) == 54
    assert list(SCALE) == list(HELD_BY)
    for rule, held_by in HELD_BY.items():
        file, _, test = held_by.rpartition("::")
        path = ROOT / "tests" / (file or "test_quality_scale.py")
        assert f"def {test}(" in path.read_text(encoding="utf-8"), rule


@pytest.mark.parametrize("rule", SCALE)
def test_an_exemption_has_a_reason(rule: str) -> None:
    """Whoever reads the list wants to know why."""
    answer = SCALE[rule]
    if isinstance(answer, dict):
        assert answer.keys() == {"status", "comment"}
        assert answer["status"] == "exempt"
        assert len(answer["comment"]) > 40
    else:
        assert answer == "done"


# The running home


@pytest.fixture
async def running(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """A home that is watched."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


async def test_actions_are_there_before_and_after_the_home(
    hass: HomeAssistant, senses: FakeSenses
) -> None:
    """An automation that names an action is not broken while the home is being reloaded."""
    described = set(yaml_of("services.yaml"))
    assert described
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.async_services_for_domain(DOMAIN).keys() == described
    setup = {
        node.name: node for node in nodes(ast.AsyncFunctionDef, under=modules()["__init__.py"])
    }
    called = {name_of(call.func) for call in nodes(ast.Call, under=setup["async_setup"])}
    later = {name_of(call.func) for call in nodes(ast.Call, under=setup["async_setup_entry"])}
    assert "async_register_actions" in called - later


async def test_every_clock_has_its_pace(running: MockConfigEntry) -> None:
    """A heartbeat a second would be a load, one a minute too late."""
    intervals = [camera.update_interval for camera in running.runtime_data.cameras.values()]
    assert intervals
    assert all(pace is not None and 1 <= pace.total_seconds() <= 30 for pace in intervals)


async def test_every_entity_is_known_by_its_id(
    hass: HomeAssistant, running: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """What has no id cannot be renamed, hidden, or put into a room."""
    entries = er.async_entries_for_config_entry(entity_registry, running.entry_id)
    assert len(entries) > 10
    registered = {one.entity_id for one in entries}
    assert registered >= {
        entity for entity, source in entity_sources(hass).items() if source["domain"] == DOMAIN
    }
    for one in entries:
        assert one.has_entity_name
        assert one.device_id
        # A share of time has no class of its own.
        if one.domain == Platform.BINARY_SENSOR or one.unit_of_measurement not in {None, "%"}:
            assert one.original_device_class, f"{one.entity_id} has a class that fits"
        if one.domain in {Platform.BUTTON, Platform.SWITCH}:
            assert one.entity_category or one.original_device_class, one.entity_id
        if one.disabled_by:
            assert one.entity_category, f"{one.entity_id} is on nobody's first page"


async def test_every_entity_is_named_in_the_translations(
    running: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Else it is called like its device, and its states like keys."""
    icons = json_of("icons.json")["entity"]
    for one in er.async_entries_for_config_entry(entity_registry, running.entry_id):
        key = one.translation_key
        assert key, one.entity_id
        words = WORDS["entity"][one.domain][key]
        assert words["name"]
        states = words.get("state", {}).keys()
        types = words.get("state_attributes", {}).get("event_type", {}).get("state", {}).keys()
        able = one.capabilities or {}
        assert states == set(able.get("options", states)), one.entity_id
        assert types == set(able.get("event_types", types)), one.entity_id
        assert one.original_device_class or "default" in icons[one.domain][key], one.entity_id


async def test_the_entities_of_a_dead_camera_stay_available(
    hass: HomeAssistant, entry: MockConfigEntry, senses: FakeSenses
) -> None:
    """The hour of an outage is when people look."""
    senses.vanish("garden", "shed")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    states = hass.states.async_all()
    assert len(states) > 10
    assert not [state for state in states if state.state == "unavailable"]


async def test_what_is_followed_is_let_go(hass: HomeAssistant, running: MockConfigEntry) -> None:
    """A listener more with every reload slows the home down."""
    before = hass.bus.async_listeners()
    for _ in range(2):
        assert await hass.config_entries.async_reload(running.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    after = hass.bus.async_listeners()
    assert {event for event, count in after.items() if count > before.get(event, 0)} == set()


async def test_the_device_of_a_camera_goes_with_it(
    hass: HomeAssistant, running: MockConfigEntry, device_registry: dr.DeviceRegistry
) -> None:
    """Else the home is full of cameras that nobody has any more."""
    hass.config_entries.async_remove_subentry(running, "subentry_shed")
    await hass.async_block_till_done(wait_background_tasks=True)
    devices = dr.async_entries_for_config_entry(device_registry, running.entry_id)
    assert {device.config_subentry_id for device in devices} - {None} == {"subentry_garden"}


async def test_home_assistant_knows_it(hass: HomeAssistant) -> None:
    """It is found, of a version, with a face of its own."""
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.version == json_of("manifest.json")["version"]
    assert integration.has_branding
    assert not integration.disabled


# The source


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Walk through all functions."""
    yield from nodes(ast.FunctionDef, under=tree)
    yield from nodes(ast.AsyncFunctionDef, under=tree)


def test_what_is_shared_stands_where_it_is_looked_for() -> None:
    """Whoever knows one integration finds the way in the next."""
    bases = {
        (path, name_of(base))
        for path, tree in modules().items()
        for kind in nodes(ast.ClassDef, under=tree)
        for base in kind.bases
    }
    assert {path for path, base in bases if base == "DataUpdateCoordinator"} == {"coordinator.py"}
    assert {path for path, base in bases if base == "CoordinatorEntity"} == {"entity.py"}


def test_nothing_is_followed_before_an_entity_is_added() -> None:
    """An entity that is never added would follow for ever."""
    follows = re.compile(r"async_(track|listen|dispatcher_connect|add_listener|on_)")
    built = [
        made
        for path in ("entity.py", *(f"{platform}.py" for platform in PLATFORMS))
        for kind in nodes(ast.ClassDef, under=modules()[path])
        for made in functions(kind)
        if made.name == "__init__"
    ]
    assert built
    assert not [
        c for made in built for c in nodes(ast.Call, under=made) if follows.match(name_of(c))
    ]


def test_what_runs_hangs_on_the_entry() -> None:
    """Two homes in one place would overwrite each other."""
    assert not [
        node
        for node in nodes(ast.Subscript)
        if name_of(node.value) == "data" and name_of(node.slice) == "DOMAIN"
    ]
    setups = [
        made
        for path in ("__init__.py", *(f"{platform}.py" for platform in PLATFORMS))
        for made in functions(modules()[path])
        if made.name == "async_setup_entry"
    ]
    assert len(setups) == 1 + len(PLATFORMS)
    for made in setups:
        annotation = made.args.args[1].annotation
        assert annotation is not None
        assert name_of(annotation) == "TapoDoctorConfigEntry"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_says_how_many_at_once(platform: Platform) -> None:
    """What only reads need not wait; what acts on the network goes one by one."""
    (figure,) = [
        node.value.value
        for node in modules()[f"{platform}.py"].body
        if isinstance(node, ast.Assign)
        and name_of(node.targets[0]) == "PARALLEL_UPDATES"
        and isinstance(node.value, ast.Constant)
    ]
    acts = platform in {Platform.BUTTON, Platform.SWITCH, Platform.SELECT, Platform.NUMBER}
    assert figure == (1 if acts else 0)


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Find every error that Home Assistant would show to a person."""
    shown = {kind.__name__ for kind in _below(HomeAssistantError)}
    # These are worded by Home Assistant itself.
    shown -= {"Unauthorized", "UnknownUser", "UnknownEntry"}
    # The end of a dialog has its words among the dialog's own.
    shown -= {"AbortFlow"}
    for path, tree in modules().items():
        for node in nodes(ast.Raise, under=tree):
            if isinstance(node.exc, ast.Call) and name_of(node.exc) in shown:
                yield path, node.exc


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from _below(inner)


def _names(filled: ast.expr | None, wanted: set[str]) -> set[str]:
    """Return what is filled in; what is handed on as a whole is tried where it is raised."""
    if not isinstance(filled, ast.Dict):
        return wanted if filled else set()
    return {str(key.value) for key in filled.keys if isinstance(key, ast.Constant)}


def test_what_goes_wrong_is_said_in_words() -> None:
    """In the language of whoever reads it, with every place filled in."""
    words = WORDS.get("exceptions", {})
    errors = list(raised())
    assert errors
    said: set[str] = set()
    for path, error in errors:
        given = {keyword.arg: keyword.value for keyword in error.keywords}
        assert given.keys() >= {"translation_domain", "translation_key"}, path
        assert not error.args, path
        filled = given.get("translation_placeholders")
        match given["translation_key"]:
            case ast.Constant(value=str(key)):
                said.add(key)
                wanted = gaps(words[key]["message"])
                assert _names(filled, wanted) == wanted, key
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
                said |= {key for key in words if key.startswith(start)}
            case _:
                said |= words.keys()
    assert said == words.keys()


def test_no_icon_stands_in_the_code() -> None:
    """Themes and people change them in one place."""
    text = "".join((PACKAGE / path).read_text(encoding="utf-8") for path in modules())
    assert "mdi:" not in text
    assert "_attr_icon" not in text


def test_there_are_no_conditions() -> None:
    """As the list says."""
    assert not yaml_of("conditions.yaml")
    assert "condition.py" not in modules()


def test_home_and_device_have_diagnostics() -> None:
    """A bug report without them is a guess."""
    defined = {made.name for made in functions(modules()["diagnostics.py"])}
    assert {"async_get_config_entry_diagnostics", "async_get_device_diagnostics"} <= defined


def test_a_camera_that_moves_is_followed() -> None:
    """The router tells of a known camera's new address, and the flow takes it over."""
    assert {"registered_devices": True} in json_of("manifest.json")["dhcp"]
    steps = {made.name for made in functions(modules()["config_flow.py"])}
    assert "async_step_dhcp" in steps


def test_every_issue_can_be_mended_in_a_dialog() -> None:
    """An issue that a person can do nothing about is noise; of the others each says what to do."""
    assert "async_create_fix_flow" in {made.name for made in functions(modules()["repairs.py"])}
    assert WORDS["issues"]
    assert "fix_flow" in WORDS["issues"]["trouble"]
    assert all(issue.keys() & {"fix_flow", "description"} for issue in WORDS["issues"].values())


def test_no_library_is_waited_for_in_a_thread() -> None:
    """A library that blocks would hold the whole home up."""
    borrowed = {
        alias.asname or alias.name
        for node in nodes(ast.ImportFrom)
        for alias in node.names
        if (node.module or "").partition(".")[0] in {"kasa", "icmplib"}
    }
    assert borrowed
    threads = {"run_in_executor", "async_add_executor_job", "to_thread"}
    sent = [call for call in nodes(ast.Call) if name_of(call.func) in threads]
    assert sent
    assert not {name_of(argument) for call in sent for argument in call.args} & borrowed


def test_every_session_is_home_assistants() -> None:
    """One pool of connections, one way to trust, one end."""
    made = {name_of(call.func) for call in nodes(ast.Call)}
    assert "async_create_clientsession" in made
    assert "ClientSession" not in made


# The bench


def test_the_suite_wants_every_branch_of_the_dialogs() -> None:
    """A dialog that breaks in the middle leaves nothing but a number on the screen."""
    script = (ROOT / "scripts" / "test").read_text(encoding="utf-8")
    assert "coverage --include='*/*_flow.py' --fail-under=100" in script
    assert "--fail-under=95" in script


def test_types_are_checked_strictly() -> None:
    """In the integration and in what tries it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert f"custom_components.{DOMAIN}" in settings["packages"]
    assert "mypy" in (ROOT / "scripts" / "lint").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", json_of("manifest.json")["requirements"])
def test_requirements_are_free_software(line: str) -> None:
    """What is built in the open can be looked into."""
    about = metadata(Requirement(line).name)
    licence = about.get("License-Expression") or about.get("License") or ""
    classifiers = about.get_all("Classifier") or []
    assert re.search(r"GPL|MIT|Apache|BSD", licence) or any(
        "OSI Approved" in one for one in classifiers
    )


# The manual

CHAPTERS: Final = {
    "docs-high-level-description": "Tapo Doctor",
    "docs-installation-instructions": "Installation",
    "docs-removal-instructions": "Removal",
    "docs-data-update": "What it asks of the cameras and the network",
    "docs-examples": "Examples",
    "docs-known-limitations": "Known limits",
    "docs-supported-devices": "Supported cameras",
    "docs-troubleshooting": "Troubleshooting",
    "docs-use-cases": "What it is good for",
}


@pytest.mark.parametrize(("rule", "chapter"), CHAPTERS.items())
def test_the_manual_has_its_chapters(rule: str, chapter: str) -> None:
    """People look for them by these names."""
    _, _, after = README.partition(f"# {chapter}\n")
    assert len(after.partition("\n#")[0].strip()) > 80, rule


@pytest.mark.parametrize("kind", ["services", "triggers"])
def test_the_manual_names_every_action(kind: str) -> None:
    """With every field; what is not described is not used."""
    rows = yaml_of(f"{kind}.yaml")
    assert rows
    for name, row in rows.items():
        assert f"`{DOMAIN}.{name}`" in README
        for field in (row or {}).get("fields", {}):
            assert f"`{field}`" in README, f"{name}: {field}"


def labels(part: str) -> set[str]:
    """Return what the fields of a dialog are called."""
    flows = WORDS[part].values() if part == "config_subentries" else [WORDS[part]]
    steps = [step for flow in flows for step in flow["step"].values()]
    sections = [section for step in steps for section in step.get("sections", {}).values()]
    return {label for place in (*steps, *sections) for label in place.get("data", {}).values()}


@pytest.mark.parametrize("part", ["config", "config_subentries", "options"])
def test_the_manual_names_every_field(part: str) -> None:
    """A setting that nobody explains is left as it is."""
    assert labels(part)
    assert {label for label in labels(part) if label.lower() not in README.lower()} == set()


def test_the_manual_names_every_entity() -> None:
    """People choose by the list."""
    names = {row["name"] for rows in WORDS["entity"].values() for row in rows.values()}
    assert len(names) > 5
    assert {name for name in names if name.lower() not in README.lower()} == set()
