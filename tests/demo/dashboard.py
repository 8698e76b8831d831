"""The dashboard: Home Assistant's own cards, arranged for a phone and for a desk."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .client import Client, Json
    from .stage import Stage

PATH: Final = "tapo-doctor"
FULL: Final = {"columns": 12, "rows": "auto"}
HALF: Final = {"columns": 6, "rows": 1}
HISTORY_H: Final = 0.5
WEAK_DBM: Final = -75

HEADLINE: Final = """\
{{% set troubled = expand({cameras}) | selectattr('state', 'eq', 'on') | list %}}
{{% if troubled | length == 0 %}}
# All cameras are well
{{{{ {cameras} | length }}}} cameras, each looked at every ten seconds
{{% else %}}
# {{{{ troubled | length }}}} of {{{{ {cameras} | length }}}} cameras in trouble
{{{{ troubled | map(attribute='name') | map('replace', ' Connection problem', '') | join(', ') }}}}
{{% endif %}}
"""
ADVICE: Final = """\
{{% set d = '{diagnosis}' %}}
**{{{{ state_attr_translated(d, 'certainty') }}}}** \
({{{{ ((state_attr(d, 'confidence') or 0) * 100) | round }}}} %), because:
{{% for reason in state_attr(d, 'reasons_in_words') or [] -%}}
- {{{{ reason }}}}
{{% endfor %}}
**What to do**

{{% for step in state_attr(d, 'steps_in_words') or [] -%}}
{{{{ loop.index }}}}. {{{{ step }}}}
{{% endfor %}}
"""


async def build(client: Client, stage: Stage) -> str:
    """Make the dashboard; return where it is."""
    await client.ask(
        "lovelace/dashboards/create",
        url_path=PATH,
        title="Cameras",
        icon="mdi:stethoscope",
        show_in_sidebar=True,
        mode="storage",
    )
    await client.ask("lovelace/config/save", url_path=PATH, config=_config(stage.entities))
    await client.ask("frontend/set_system_data", key="core", value={"default_panel": PATH})
    return PATH


def _config(entities: dict[str, dict[str, str]]) -> Json:
    problems = [keys["connection_problem"] for keys in entities.values()]
    headline = HEADLINE.format(cameras=problems)
    return {
        "views": [
            {
                "type": "sections",
                "title": "Cameras",
                "path": "cameras",
                "max_columns": 3,
                "dense_section_placement": True,
                "header": {
                    "layout": "center",
                    "card": {"type": "markdown", "text_only": True, "content": headline},
                },
                "sections": [
                    *(_camera(name, keys) for name, keys in entities.items()),
                    _past(entities),
                ],
            }
        ]
    }


def _camera(name: str, keys: dict[str, str]) -> Json:
    """One camera: a tile that turns red, and what to do about it while it is."""
    problem = keys["connection_problem"]
    trouble = [{"condition": "state", "entity": problem, "state": "on"}]
    weak = [{"condition": "numeric_state", "entity": keys["signal_strength"], "below": WEAK_DBM}]
    advice = ADVICE.format(diagnosis=keys["diagnosis"])
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": name,
                "heading_style": "title",
                "icon": "mdi:cctv",
                "badges": [
                    {"type": "entity", "entity": keys["network_name"], "icon": "mdi:wifi"},
                    {"type": "entity", "entity": keys["signal_strength"], "show_icon": False},
                ],
            },
            {
                "type": "tile",
                "entity": problem,
                "name": "Connection",
                "state_content": ["state", "last_changed"],
                "color": "red",
                "grid_options": HALF,
            },
            {"type": "tile", "entity": keys["status"], "name": "Status", "grid_options": HALF},
            {
                "type": "tile",
                "entity": keys["diagnosis"],
                "name": "Diagnosis",
                "color": "red",
                "visibility": trouble,
                "grid_options": {"columns": 12, "rows": 1},
            },
            {
                "type": "markdown",
                "content": advice,
                "visibility": trouble,
                "grid_options": FULL,
            },
            {
                "type": "tile",
                "entity": keys["check_now"],
                "name": "Check now",
                "hide_state": True,
                "visibility": trouble,
                "tap_action": {
                    "action": "perform-action",
                    "perform_action": "button.press",
                    "target": {"entity_id": keys["check_now"]},
                },
                "grid_options": {"columns": 12, "rows": 1},
            },
            {
                "type": "tile",
                "entity": keys["signal_strength"],
                "name": "Signal strength",
                "color": "indigo",
                "features": [{"type": "trend-graph", "hours_to_show": HISTORY_H}],
                "visibility": [{"condition": "or", "conditions": [*trouble, *weak]}],
                "grid_options": {"columns": 12, "rows": 2},
            },
        ],
    }


def _past(entities: dict[str, dict[str, str]]) -> Json:
    """What happened: the signals as curves, the diagnoses as a timeline and as a list."""
    signals = [{"entity": keys["signal_strength"], "name": name} for name, keys in entities.items()]
    diagnoses = [{"entity": keys["diagnosis"], "name": name} for name, keys in entities.items()]
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": "What happened",
                "heading_style": "title",
                "icon": "mdi:clipboard-pulse",
            },
            {
                "type": "history-graph",
                "entities": diagnoses,
                "hours_to_show": HISTORY_H,
                "grid_options": FULL,
            },
            {
                "type": "history-graph",
                "entities": signals,
                "hours_to_show": HISTORY_H,
                "grid_options": FULL,
            },
            {
                "type": "logbook",
                "target": {"entity_id": [row["entity"] for row in diagnoses]},
                "hours_to_show": HISTORY_H,
                "grid_options": FULL,
            },
        ],
    }
