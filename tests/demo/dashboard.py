"""The dashboard: Home Assistant's own cards, arranged for a phone and for a desk."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .client import Client, Json
    from .stage import Stage

PATH: Final = "tapo-doctor"
FULL: Final = {"columns": 12, "rows": "auto"}
HALF: Final = {"columns": 6, "rows": 1}
HISTORY_H: Final = 0.25

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
Since {{{{ states['{problem}'].last_changed | as_local | as_timestamp \
| timestamp_custom('%H:%M:%S') }}}}. \
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
                "header": {
                    "layout": "center",
                    "card": {"type": "markdown", "text_only": True, "content": headline},
                },
                "sections": [
                    # First what needs hands, for on a phone this is the order.
                    *(_trouble(name, keys) for name, keys in entities.items()),
                    _overview(entities),
                    _past(entities),
                ],
            }
        ]
    }


def _overview(entities: dict[str, dict[str, str]]) -> Json:
    """All cameras at a glance: a tile that turns red, and the signal beside it."""
    cards: list[Json] = [_heading("Cameras", "mdi:home")]
    for name, keys in entities.items():
        cards.append(
            {
                "type": "tile",
                "entity": keys["connection_problem"],
                "name": name,
                "color": "red",
                "grid_options": HALF,
            }
        )
        cards.append(
            {
                "type": "tile",
                "entity": keys["signal_strength"],
                "name": "Signal",
                "color": "indigo",
                "grid_options": HALF,
            }
        )
    diagnoses = [{"entity": keys["diagnosis"], "name": name} for name, keys in entities.items()]
    cards.append(
        {
            "type": "history-graph",
            "entities": diagnoses,
            "hours_to_show": HISTORY_H,
            "grid_options": FULL,
        }
    )
    return {"type": "grid", "cards": cards}


def _trouble(name: str, keys: dict[str, str]) -> Json:
    """What is wrong with one camera and what to do about it; there only while it is so."""
    advice = ADVICE.format(diagnosis=keys["diagnosis"], problem=keys["connection_problem"])
    heading = _heading(name, "mdi:cctv-off")
    heading["badges"] = [
        {"type": "entity", "entity": keys["status"], "color": "red"},
        {"type": "entity", "entity": keys["network_name"], "icon": "mdi:wifi"},
    ]
    return {
        "type": "grid",
        "visibility": [{"condition": "state", "entity": keys["connection_problem"], "state": "on"}],
        "cards": [
            heading,
            {
                "type": "tile",
                "entity": keys["diagnosis"],
                "name": "Diagnosis",
                "color": "red",
                "grid_options": {"columns": 12, "rows": 1},
            },
            {"type": "markdown", "content": advice, "grid_options": FULL},
            {
                "type": "history-graph",
                "entities": [{"entity": keys["signal_strength"], "name": "Signal before it went"}],
                "hours_to_show": HISTORY_H,
                "visibility": [
                    {"condition": "state", "entity": keys["diagnosis"], "state": "weak_signal"}
                ],
                "grid_options": FULL,
            },
            {
                "type": "tile",
                "entity": keys["check_now"],
                "name": "Check now",
                "hide_state": True,
                "tap_action": {
                    "action": "perform-action",
                    "perform_action": "button.press",
                    "target": {"entity_id": keys["check_now"]},
                },
                "grid_options": {"columns": 12, "rows": 1},
            },
        ],
    }


def _heading(text: str, icon: str) -> Json:
    return {"type": "heading", "heading": text, "heading_style": "title", "icon": icon}


def _past(entities: dict[str, dict[str, str]]) -> Json:
    """What happened: the signals as curves, the diagnoses as a list."""
    signals = [{"entity": keys["signal_strength"], "name": name} for name, keys in entities.items()]
    diagnoses = [keys["diagnosis"] for keys in entities.values()]
    return {
        "type": "grid",
        "cards": [
            _heading("What happened", "mdi:clipboard-pulse"),
            {
                "type": "logbook",
                "target": {"entity_id": diagnoses},
                "hours_to_show": 1,
                "grid_options": FULL,
            },
            {
                "type": "history-graph",
                "entities": signals,
                "hours_to_show": HISTORY_H,
                "grid_options": FULL,
            },
        ],
    }
