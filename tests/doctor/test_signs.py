"""What is seen becomes the sign it is, and only that."""

from typing import Any

import pytest

from custom_components.tapo_doctor.doctor import Evidence
from custom_components.tapo_doctor.doctor.sign import Sign
from custom_components.tapo_doctor.doctor.signs import Contact, contact_of

from .evidences import evidence, signs

S = Sign
GONE = {"ping": "silent", "ports": {"443": "silent"}}
HERE = {"ping": "reply"}


def plug(state: str = "online", **more: Any) -> dict[str, Any]:
    """Return a plug beside the camera."""
    return {"kind": "plug", "state": state, **more}


def camera(state: str = "online", **more: Any) -> dict[str, Any]:
    """Return another camera."""
    return {"kind": "camera", "state": state, **more}


def phone(state: str = "online", **more: Any) -> dict[str, Any]:
    """Return a phone."""
    return {"kind": "phone", "state": state, **more}


@pytest.mark.parametrize(
    ("now", "contact"),
    [
        ({}, Contact.UNKNOWN),
        ({"ping": "reply"}, Contact.ANSWERS),
        ({"ping": "silent"}, Contact.SILENT),
        ({"ping": "silent", "ports": {"443": "open"}}, Contact.ANSWERS),
        ({"ports": {"443": "refused"}}, Contact.ANSWERS),
        ({"ports": {"443": "silent"}}, Contact.SILENT),
        ({"discovery": {"answer": "same_address"}}, Contact.ANSWERS),
        ({"discovery": {"answer": "none"}}, Contact.SILENT),
        ({"discovery": {"answer": "other_address"}, "ping": "reply"}, Contact.ELSEWHERE),
        ({"neighbour_table": "other", "ping": "reply"}, Contact.STRANGER),
        ({"neighbour_table": "absent"}, Contact.SILENT),
        ({"stream": "asks_login"}, Contact.ANSWERS),
        ({"stream": "silent"}, Contact.SILENT),
        ({"stream": "silent", "privacy_mode": True}, Contact.UNKNOWN),
        ({"login": {"result": "locked"}}, Contact.ANSWERS),
        ({"login": {"result": "timeout"}}, Contact.SILENT),
        ({"login": {"result": "timeout", "worked_when_repeated": True}}, Contact.ANSWERS),
        ({"login": {"result": "error"}}, Contact.UNKNOWN),
        ({"login": {"result": "error", "text": "No route to host"}}, Contact.SILENT),
    ],
)
def test_all_looks_are_one_finding(now: dict[str, Any], contact: Contact) -> None:
    """One silent camera counted three times would sound like certainty."""
    assert contact_of(evidence(now=now)) is contact


@pytest.mark.parametrize(
    ("sections", "there", "not_there"),
    [
        # reach
        ({"now": GONE}, {S.GONE}, {S.ONE_PROBE_FAILED, S.NO_ROUTE, S.ANSWERS}),
        ({"now": {"ping": "unreachable"}}, {S.ONE_PROBE_FAILED, S.NO_ROUTE}, {S.GONE}),
        ({"now": {**GONE, "neighbour_table": "own"}}, {S.ON_THE_LINK}, set()),
        ({"now": {**GONE, "discovery": {"answer": "none"}}}, {S.SEARCH_IN_VAIN}, set()),
        ({"now": {"neighbour_table": "other"}}, {S.STRANGER}, {S.TWO_AT_ONE_ADDRESS}),
        (
            {"now": {"neighbour_table": "other", "discovery": {"answer": "same_address"}}},
            {S.TWO_AT_ONE_ADDRESS},
            {S.STRANGER},
        ),
        ({"now": HERE}, {S.ANSWERS, S.STEADY}, set()),
        ({"now": HERE, "history": {"outages_24h": 3}}, {S.ANSWERS}, {S.STEADY}),
        (
            {
                "now": {"discovery": {"answer": "same_address", "ssid": "Gastnetz"}},
                "before": {"ssid": "Home"},
            },
            {S.GUEST_NETWORK, S.OTHER_NETWORK},
            set(),
        ),
        ({"now": {"discovery": {"factory_default": True}}}, {S.FACTORY_STATE}, set()),
        # whether anybody has looked further
        ({"now": GONE}, {S.ONLY_SILENCE}, set()),
        ({"now": GONE, "history": {"outages_24h": 2, "outages_7d": 5}}, {S.ONLY_SILENCE}, set()),
        ({"now": {"stream": "silent"}}, {S.ONLY_SILENCE, S.ONE_PROBE_FAILED}, {S.STREAM_SILENT}),
        ({"now": {**GONE, "light": "off"}}, {S.GONE}, {S.ONLY_SILENCE}),
        ({"now": GONE, "site": {"gateway": "reply"}}, {S.GONE}, {S.ONLY_SILENCE}),
        ({"now": GONE, "power": {"switch": "on"}}, {S.GONE}, {S.ONLY_SILENCE}),
        ({"now": GONE, "power": {"watts": [2.1, 2.2]}}, {S.GONE}, {S.ONLY_SILENCE}),
        ({"now": GONE, "before": {"ever_worked": False}}, {S.GONE}, {S.ONLY_SILENCE}),
        ({"now": GONE, "history": {"same_time_of_day": True}}, {S.GONE}, {S.ONLY_SILENCE}),
        # restarts of a camera that answers
        ({"now": {**HERE, "sound_of_restarting": True}}, {S.UP_BETWEEN_RESTARTS}, {S.STEADY}),
        ({"now": {**GONE, "sound_of_restarting": True}}, set(), {S.UP_BETWEEN_RESTARTS}),
        (
            {
                "now": {**HERE, "ports": {"443": "refused"}},
                "power": {"watts": [2.7, 2.7, 0.9, 4.1, 2.9], "usual_watts": 2.7},
            },
            {S.WATTS_BOOTING},
            {S.WATTS_COLLAPSE},
        ),
        (
            {
                "now": {**HERE, "ports": {"443": "open"}},
                "power": {"watts": [2.7, 2.7, 0.9, 4.1, 2.9], "usual_watts": 2.7},
            },
            set(),
            {S.WATTS_BOOTING, S.WATTS_COLLAPSE},
        ),
        (
            {
                "now": {**HERE, "ports": {"443": "refused"}},
                "power": {"watts": [0.9, 2.7, 2.8, 0.9], "usual_watts": 2.7},
            },
            set(),
            {S.WATTS_BOOTING, S.WATTS_COLLAPSE},
        ),
        # changes of the network
        (
            {"now": HERE, "history": {"outages_24h": 6, "network_changed_hours_ago": 72}},
            {S.FLAPS, S.FLAPS_SINCE_CHANGE},
            set(),
        ),
        ({"now": HERE, "history": {"outages_24h": 6}}, {S.FLAPS}, {S.FLAPS_SINCE_CHANGE}),
        (
            {"now": HERE, "history": {"outages_24h": 6, "network_changed_hours_ago": 2000}},
            {S.FLAPS},
            {S.FLAPS_SINCE_CHANGE},
        ),
        # kept from the internet, and well
        (
            {
                "now": {**HERE, "login": {"result": "ok"}, "stream": "ok", "clock_offset_s": 2},
                "site": {"internet_for_camera": "blocked"},
            },
            {S.BLOCKED_BUT_WELL, S.CAMERA_BLOCKED},
            set(),
        ),
        (
            {
                "now": {**HERE, "login": {"result": "ok"}, "stream": "ok", "clock_offset_s": 900},
                "site": {"internet_for_camera": "blocked"},
            },
            {S.CAMERA_BLOCKED},
            {S.BLOCKED_BUT_WELL},
        ),
        (
            {
                "now": {**HERE, "login": {"result": "ok"}, "stream": "ok"},
                "site": {"internet_for_camera": "blocked"},
            },
            {S.CAMERA_BLOCKED},
            {S.BLOCKED_BUT_WELL},
        ),
        (
            {"now": {**HERE, "login": {"result": "error", "text": "Timed out getting a response"}}},
            {S.LOGIN_TIMEOUT},
            {S.LOGIN_ERROR},
        ),
        (
            # At a closed door nobody was refused.
            {
                "now": {
                    **HERE,
                    "ports": {"443": "refused"},
                    "login": {"result": "error", "text": "Cannot connect", "failures_in_a_row": 2},
                },
                "camera": {"model": "C210", "firmware": "2", "firmware_changed_hours_ago": 0.02},
                "site": {"neighbours": [camera(model="C210", firmware="1")]},
            },
            {S.PORTS_REFUSED, S.FIRMWARE_JUST_CHANGED},
            {S.LOGIN_ERROR, S.FAILED_TWICE, S.NEW_REFUSED_OLD_FINE, S.ONLY_THIS_REFUSES},
        ),
        (
            {
                "now": {
                    **HERE,
                    "ports": {"443": "refused"},
                    "login": {"result": "error", "code": -40211},
                }
            },
            {S.SPEAKS_NEW_LOGIN},
            {S.LOGIN_ERROR},
        ),
        # what was begun just now
        (
            {
                "now": GONE,
                "history": {"remedies": [{"remedy": "firmware_update", "hours_ago": 0.1}]},
            },
            {S.UPDATE_STARTED},
            set(),
        ),
        (
            {
                "now": GONE,
                "history": {
                    "remedies": [
                        {"remedy": "firmware_update", "hours_ago": 3},
                        {"remedy": "firmware_update", "hours_ago": 0.1, "helped": False},
                        {"remedy": "reload", "hours_ago": 0.1},
                    ]
                },
            },
            set(),
            {S.UPDATE_STARTED},
        ),
        (
            {
                "now": GONE,
                "power": {"switch": "on"},
                "history": {"remedies": [{"remedy": "power_cycle", "hours_ago": 0.01}]},
            },
            {S.PLUG_ON, S.PLUG_JUST_ON},
            set(),
        ),
        (
            {
                "now": GONE,
                "power": {"switch": "on"},
                "history": {
                    "remedies": [{"remedy": "power_cycle", "hours_ago": 0.01, "helped": False}]
                },
            },
            {S.PLUG_ON},
            {S.PLUG_JUST_ON},
        ),
        # cameras that fail in the same minutes
        (
            {
                "now": {**HERE, "ports": {"443": "silent", "554": "open"}},
                "site": {"neighbours": 2 * [camera("offline", lost_minutes_before=1)]},
            },
            {S.FAIL_TOGETHER, S.CONTROL_DEAD_STREAM_ALIVE},
            set(),
        ),
        (
            {
                "now": {**HERE, "ports": {"443": "silent", "554": "open"}},
                "site": {"neighbours": [camera("offline", lost_minutes_before=1)]},
            },
            {S.CONTROL_DEAD_STREAM_ALIVE},
            {S.FAIL_TOGETHER},
        ),
        (
            {
                "now": {**HERE, "ports": {"443": "silent", "554": "open"}},
                "site": {"neighbours": 2 * [camera("offline", lost_minutes_before=20)]},
            },
            {S.CONTROL_DEAD_STREAM_ALIVE},
            {S.FAIL_TOGETHER},
        ),
        (
            {
                "now": {**HERE, "ports": {"443": "open"}},
                "site": {"neighbours": 2 * [camera("offline", lost_minutes_before=1)]},
            },
            {S.ANSWERS},
            {S.FAIL_TOGETHER},
        ),
        (
            # That it does not answer a login is no second finding where its port is shut.
            {
                "now": {
                    **HERE,
                    "ports": {"443": "silent", "554": "open"},
                    "login": {"result": "timeout", "failures_in_a_row": 3},
                }
            },
            {S.CONTROL_DEAD_STREAM_ALIVE, S.LOGIN_TIMEOUT},
            {S.DEAF},
        ),
        # services
        (
            {"now": {"ports": {"443": "refused", "554": "open"}}},
            {S.CONTROL_DEAD_STREAM_ALIVE},
            {S.CONTROL_MOVED, S.PORTS_REFUSED},
        ),
        (
            {"now": {"ports": {"443": "refused", "554": "open", "10443": "open"}}},
            {S.CONTROL_MOVED},
            {S.CONTROL_DEAD_STREAM_ALIVE},
        ),
        (
            {
                "now": {
                    "ports": {"443": "refused"},
                    "discovery": {"answer": "same_address", "control_port": 20443},
                }
            },
            {S.CONTROL_MOVED},
            {S.PORTS_REFUSED},
        ),
        (
            # A camera that is watched at another port than 443 has not moved by that alone.
            {
                "now": {
                    **HERE,
                    "ports": {"20443": "silent"},
                    "discovery": {"answer": "same_address", "control_port": 20443},
                }
            },
            {S.PORTS_SILENT},
            {S.CONTROL_MOVED},
        ),
        (
            {
                "now": {
                    "ports": {"20443": "refused"},
                    "discovery": {"answer": "same_address", "control_port": 443},
                }
            },
            {S.CONTROL_MOVED},
            {S.PORTS_REFUSED},
        ),
        ({"now": {"ports": {"443": "refused"}}}, {S.PORTS_REFUSED}, {S.PORTS_SILENT}),
        ({"now": {**HERE, "ports": {"443": "silent"}}}, {S.PORTS_SILENT}, {S.PORTS_REFUSED}),
        (
            {"now": {"ports": {"443": "open", "554": "refused", "2020": "silent"}}},
            {S.STREAM_PORT_DEAD, S.SIDE_SERVICE_DEAD},
            {S.DEAF},
        ),
        ({"now": {"ports": {"554": "open"}, "login": {"result": "timeout"}}}, {S.DEAF}, set()),
        ({"now": {**HERE, "discovery": {"answer": "none"}}}, {S.SEARCH_UNANSWERED}, set()),
        ({"now": {"discovery": {"answer": "same_address"}}}, {S.SEARCH_ANSWERED}, set()),
        # A battery model sleeps, and has no such services when it is awake.
        (
            {"now": {"ports": {"443": "silent", "554": "refused"}}, "camera": {"power": "battery"}},
            {S.ONE_PROBE_FAILED},
            {S.ANSWERS, S.PORTS_REFUSED},
        ),
        (
            {"now": {"ports": {"443": "open", "554": "refused"}}, "camera": {"model": "D230"}},
            {S.ANSWERS},
            {S.STREAM_PORT_DEAD},
        ),
        (
            {"now": {"ports": {"443": "open", "2020": "refused"}}, "camera": {"model": "C420"}},
            {S.ANSWERS},
            {S.SIDE_SERVICE_DEAD},
        ),
        ({"now": {**HERE, "clock_offset_s": -300}}, {S.CLOCK_WRONG}, {S.CLOCK_RIGHT}),
        ({"now": {**HERE, "clock_offset_s": 2}}, {S.CLOCK_RIGHT}, {S.CLOCK_WRONG}),
        ({"now": {**HERE, "clock_offset_s": 60}}, set(), {S.CLOCK_RIGHT, S.CLOCK_WRONG}),
        (
            {"now": {**HERE, "stream": "silent", "privacy_mode": True}},
            {S.LENS_COVERED},
            {S.STREAM_SILENT},
        ),
        ({"now": {**GONE, "privacy_mode": True}}, set(), {S.LENS_COVERED}),
        (
            {"now": {"stream": "refused", "sd_recording": True, "tapo_care": True}},
            {S.CARE_AND_CARD, S.STREAM_REFUSED},
            set(),
        ),
        ({"now": {**HERE, "tapo_care": False}}, {S.STORAGES_FREE}, {S.CARE_AND_CARD}),
        ({"now": {"login": {"result": "ok"}}}, {S.NOTHING_WRONG, S.LOGIN_OK}, set()),
        (
            {"now": {"login": {"result": "ok"}, "integration": "failed"}},
            {S.INTEGRATION_STUCK},
            {S.NOTHING_WRONG},
        ),
        ({"now": {"integration": "retrying"}}, {S.INTEGRATION_WAITS}, set()),
        ({"now": {"integration": "loaded"}}, {S.INTEGRATION_LOADED}, set()),
        # radio
        ({"now": {**HERE, "loss_percent": 40}}, {S.LOSSY}, {S.CLEAN_LINK}),
        ({"now": {**HERE, "latency_ms": 300}}, {S.LOSSY}, set()),
        ({"now": {**HERE, "loss_percent": 0}}, {S.CLEAN_LINK}, {S.LOSSY}),
        ({"now": {**HERE, "loss_percent": 6}}, set(), {S.CLEAN_LINK, S.LOSSY}),
        ({"before": {"rssi_dbm": [-80]}}, {S.SIGNAL_WEAK}, {S.SIGNAL_FALLING}),
        ({"before": {"rssi_dbm": [-70]}}, {S.SIGNAL_POOR}, set()),
        ({"before": {"rssi_dbm": [-50]}}, {S.SIGNAL_GOOD}, set()),
        ({"before": {"rssi_dbm": [-66]}}, set(), {S.SIGNAL_GOOD, S.SIGNAL_POOR}),
        ({"before": {"rssi_dbm": [-70, -74, -79]}}, {S.SIGNAL_FALLING}, {S.SIGNAL_DROPPED}),
        ({"before": {"rssi_dbm": [-50, -80]}}, {S.SIGNAL_DROPPED}, {S.SIGNAL_FALLING}),
        ({"site": {"scan": {"sees_ssid": False}}}, {S.NETWORK_UNSEEN}, set()),
        ({"site": {"scan": {"sees_ssid": True, "level": 1}}}, {S.NETWORK_FAINT}, set()),
        ({"site": {"scan": {"sees_ssid": True}}}, {S.NETWORK_SEEN}, set()),
        ({"site": {"router_lists_camera": "associated"}}, {S.ASSOCIATED}, set()),
        ({"site": {"router_lists_camera": "not_associated"}}, {S.NOT_ASSOCIATED}, set()),
        ({"camera": {"bands": ["wired"]}}, {S.WIRED}, set()),
        ({"camera": {"bands": ["2.4", "5"]}}, {S.KNOWS_5GHZ}, set()),
        ({"camera": {"bands": ["2.4", "wired"]}}, {S.ONLY_24GHZ}, {S.WIRED}),
        ({"camera": {"bands": ["6"]}}, set(), {S.ONLY_24GHZ, S.WIRED, S.KNOWS_5GHZ}),
        # power
        ({"now": GONE, "power": {"switch": "off"}}, {S.PLUG_OFF}, {S.PLUG_ON}),
        (
            {"now": GONE, "power": {"switch": "off", "switched_off_by": "doctor"}},
            {S.PLUG_OFF_BY_DOCTOR},
            {S.PLUG_OFF},
        ),
        (
            {
                "now": GONE,
                "before": {"minutes_ago": 45},
                "power": {"switch": "off", "switched_off_by": "doctor"},
            },
            {S.PLUG_LEFT_OFF},
            {S.PLUG_OFF_BY_DOCTOR},
        ),
        (
            {
                "now": GONE,
                "before": {"minutes_ago": 9},
                "history": {"home_assistant_restarted_hours_ago": 0.1},
                "power": {"switch": "off", "switched_off_by": "doctor"},
            },
            {S.PLUG_LEFT_OFF},
            set(),
        ),
        # Gone for long, but cut only just now.
        (
            {
                "now": GONE,
                "before": {"minutes_ago": 45},
                "history": {"remedies": [{"remedy": "power_cycle", "hours_ago": 0.05}]},
                "power": {"switch": "off", "switched_off_by": "doctor"},
            },
            {S.PLUG_OFF_BY_DOCTOR},
            {S.PLUG_LEFT_OFF},
        ),
        (
            {"now": GONE, "power": {"switch": "unavailable", "watts": [0, 0]}},
            {S.PLUG_UNAVAILABLE},
            {S.NO_LOAD},
        ),
        ({"now": GONE, "power": {"switch": "on", "watts": [0, 0]}}, {S.NO_WATTS}, {S.NO_LOAD}),
        ({"now": GONE, "power": {"watts": [0, 0]}}, {S.NO_LOAD}, {S.NO_WATTS}),
        ({"now": GONE, "power": {"watts": [0.4, 0.4], "usual_watts": 3}}, {S.NO_LOAD}, set()),
        (
            {"now": GONE, "power": {"watts": [3, 0.2, 3, 0.1, 3]}},
            {S.WATTS_COLLAPSE},
            {S.WATTS_BOOTING},
        ),
        ({"now": GONE, "power": {"watts": [3, 0.2, 3]}}, {S.WATTS_BOOTING}, {S.WATTS_COLLAPSE}),
        ({"now": GONE, "power": {"watts": [0, 0, 0, 3.4]}}, {S.WATTS_BOOTING}, {S.WATTS_LOW}),
        ({"now": GONE, "power": {"watts": [1, 1], "usual_watts": 3}}, {S.WATTS_LOW}, set()),
        ({"now": GONE, "power": {"watts": [2.2, 2.2], "usual_watts": 3}}, {S.WATTS_STEADY}, set()),
        ({"now": GONE, "power": {"watts": [9, 9], "usual_watts": 3}}, set(), {S.WATTS_STEADY}),
        ({"now": GONE, "power": {"watts": [2.9]}}, {S.WATTS_STEADY}, set()),
        ({"now": HERE, "power": {"switch": "off"}}, {S.ANSWERS}, {S.PLUG_OFF}),
        ({"now": HERE, "power": {"watts": [3, 0.2, 3, 0.1, 3]}}, {S.WATTS_COLLAPSE}, set()),
        ({"camera": {"power": "battery"}}, {S.BATTERY}, set()),
        ({"camera": {"power": "mains", "model": "C420"}}, {S.MAINS}, {S.BATTERY}),
        ({"camera": {"model": "C420"}}, {S.BATTERY}, set()),
        ({"camera": {"model": "C200"}}, {S.MAINS_MODEL}, set()),
        ({"camera": {"model": "X1"}}, set(), {S.MAINS_MODEL, S.BATTERY}),
        ({"now": {**HERE, "app": "offline"}}, {S.CLOUD_MISSES_IT, S.APP_OFFLINE}, set()),
        ({"now": {**GONE, "app": "works"}}, {S.ONLY_WE_MISS_IT, S.APP_WORKS}, set()),
        ({"now": {**HERE, "app": "works"}}, {S.APP_WORKS}, {S.ONLY_WE_MISS_IT}),
        ({"now": {"app": "works"}}, {S.APP_WORKS}, set()),
        ({"now": {"sound_of_restarting": False}}, {S.NO_RESTARTING_SOUNDS}, set()),
        ({"power": {"adapter": "other"}}, {S.FOREIGN_ADAPTER}, set()),
        ({"power": {"adapter": "original"}}, {S.ORIGINAL_ADAPTER}, set()),
        # home
        ({"site": {"own_network": "down"}}, {S.OWN_NETWORK_DOWN}, set()),
        (
            {"site": {"gateway": "silent", "internet": "down"}},
            {S.GATEWAY_SILENT},
            {S.INTERNET_DOWN},
        ),
        ({"site": {"gateway": "reply", "internet": "down"}}, {S.INTERNET_DOWN}, set()),
        (
            {"site": {"gateway": "reply", "gateway_back_minutes_ago": 2}},
            {S.GATEWAY_JUST_BACK},
            {S.GATEWAY_FINE, S.LOST_WITH_ROUTER},
        ),
        (
            {
                "site": {"gateway": "reply", "gateway_back_minutes_ago": 90},
                "before": {"minutes_ago": 95},
            },
            {S.LOST_WITH_ROUTER, S.GATEWAY_FINE},
            set(),
        ),
        (
            {"site": {"gateway_back_minutes_ago": 90}, "before": {"minutes_ago": 9}},
            set(),
            {S.LOST_WITH_ROUTER},
        ),
        ({"site": {"gateway_back_minutes_ago": 90}}, {S.LOST_WITH_ROUTER}, set()),
        ({"site": {"internet_for_camera": "blocked"}}, {S.CAMERA_BLOCKED}, set()),
        ({"site": {"internet_for_camera": "allowed"}}, {S.CAMERA_ALLOWED}, set()),
        # past
        ({"before": {"minutes_ago": 2}}, {S.GONE_SHORTLY}, set()),
        ({"before": {"minutes_ago": 1}, "now": HERE}, {S.WELL_JUST_NOW}, {S.GONE_SHORTLY}),
        ({"before": {"minutes_ago": 30}, "now": HERE}, set(), {S.WELL_JUST_NOW}),
        ({"before": {"minutes_ago": 30}}, set(), {S.GONE_SHORTLY, S.GONE_LONG}),
        ({"before": {"minutes_ago": 100}}, {S.GONE_LONG}, set()),
        ({"before": {"minutes_ago": 1000}}, {S.GONE_FOR_A_DAY}, {S.GONE_LONG}),
        ({"before": {"ever_worked": False}}, {S.NEVER_WORKED}, set()),
        ({"before": {"ip_from": "static"}}, {S.ADDRESS_STATIC}, set()),
        (
            {"before": {"ip_from": "static"}, "history": {"network_changed_hours_ago": 5}},
            {S.ADDRESS_LEFT_BEHIND, S.NETWORK_CHANGED},
            {S.ADDRESS_STATIC},
        ),
        (
            {"before": {"ip_from": "dhcp"}, "history": {"network_changed_hours_ago": 5}},
            {S.ADDRESS_LEASED},
            {S.ADDRESS_LEFT_BEHIND},
        ),
        ({"history": {"outages_24h": 5}}, {S.FLAPS}, {S.LONG_OUTAGES}),
        ({"history": {"outages_7d": 4, "median_outage_s": 3600}}, {S.LONG_OUTAGES}, {S.FLAPS}),
        ({"history": {"outages_7d": 1, "median_outage_s": 3600}}, set(), {S.LONG_OUTAGES}),
        ({"history": {"outages_7d": 1}}, {S.FIRST_OUTAGE}, set()),
        ({"history": {"network_changed_hours_ago": 5}}, {S.NETWORK_CHANGED}, set()),
        (
            {"history": {"network_changed_hours_ago": 5}, "before": {"minutes_ago": 2000}},
            set(),
            {S.NETWORK_CHANGED},
        ),
        ({"history": {"network_changed_hours_ago": 5000}}, set(), {S.NETWORK_CHANGED}),
        ({"camera": {"firmware_changed": True}}, {S.FIRMWARE_CHANGED}, set()),
        ({"camera": {"firmware_changed_hours_ago": 0.2}}, {S.FIRMWARE_JUST_CHANGED}, set()),
        ({"camera": {"update_available": False}}, {S.UP_TO_DATE}, set()),
        ({"camera": {"model": "C225", "firmware": "1.0.24"}}, {S.KNOWN_BAD_FIRMWARE}, set()),
    ],
)
def test_what_is_seen_becomes_a_sign(
    sections: dict[str, Any], there: set[Sign], not_there: set[Sign]
) -> None:
    """The table of clues is only as good as what it is fed."""
    found = signs(**sections)
    assert there <= found
    assert not not_there & found


@pytest.mark.parametrize(
    ("login", "there", "not_there"),
    [
        ({"result": "rejected", "code": -40211}, {S.SPEAKS_NEW_LOGIN, S.LOGIN_REJECTED}, set()),
        ({"result": "rejected", "code": -40413}, {S.CHALLENGE_MISMATCH}, set()),
        ({"result": "rejected", "code": 7}, {S.LOGIN_REJECTED}, {S.CHALLENGE_MISMATCH}),
        (
            {"result": "rejected", "code": -40413, "text": "log before: -40211"},
            {S.SPEAKS_NEW_LOGIN},
            {S.CHALLENGE_MISMATCH},
        ),
        ({"result": "rejected", "text": "Check tapo tag failed"}, {S.WRONG_KIND_OF_ACCOUNT}, set()),
        ({"result": "error", "text": "responded with 403 to handshake1"}, {S.DOOR_CLOSED}, set()),
        ({"result": "error", "text": "Device blocked for 9 seconds"}, {S.LOGIN_LOCKED}, set()),
        ({"result": "unsupported", "text": "TPAP"}, {S.LOGIN_UNSUPPORTED}, {S.SPEAKS_NEW_LOGIN}),
        ({"result": "locked", "locked_for_s": 20, "code": -40404}, {S.LOGIN_LOCKED}, set()),
        ({"result": "error", "code": -64324}, {S.LENS_COVERED}, set()),
        ({"result": "rejected", "failures_in_a_row": 1}, {S.SINGLE_FAILURE}, set()),
        ({"result": "locked", "failures_in_a_row": 1}, set(), {S.SINGLE_FAILURE}),
        ({"result": "timeout", "failures_in_a_row": 1}, {S.SINGLE_FAILURE}, set()),
        ({"result": "timeout"}, set(), {S.SINGLE_FAILURE}),
        ({"result": "rejected", "failures_in_a_row": 2}, {S.FAILED_TWICE}, {S.SINGLE_FAILURE}),
        (
            {"result": "rejected", "failures_in_a_row": 2, "worked_when_repeated": True},
            {S.REPEAT_WORKED},
            {S.FAILED_TWICE},
        ),
        ({"result": "rejected", "failures_in_a_row": 4}, {S.FAILS_AGAIN_AND_AGAIN}, set()),
        (
            {"result": "rejected", "failures_in_a_row": 4, "worked_when_repeated": True},
            {S.REPEAT_WORKED, S.RECURS_THOUGH_REPEAT_WORKS},
            {S.FAILS_AGAIN_AND_AGAIN},
        ),
        (
            {"result": "rejected", "worked_when_repeated": True},
            {S.REPEAT_WORKED},
            {S.RECURS_THOUGH_REPEAT_WORKS},
        ),
        ({"result": "ok", "failures_in_a_row": 1}, {S.LOGIN_OK}, {S.SINGLE_FAILURE}),
    ],
)
def test_the_login_is_taken_at_its_word(
    login: dict[str, Any], there: set[Sign], not_there: set[Sign]
) -> None:
    """A wrong password, says the library, and it is usually something else."""
    found = signs(now={"ping": "reply", "login": login})
    assert there <= found
    assert not not_there & found


SILENT = {"ports": {"443": "open"}, "login": {"result": "timeout"}}
ONCE = {"ports": {"443": "open"}, "login": {"result": "timeout", "failures_in_a_row": 1}}


@pytest.mark.parametrize(
    ("now", "before", "deaf"),
    [
        (SILENT, {}, True),
        (ONCE, {}, False),
        (ONCE, {"minutes_ago": 90}, True),
        (ONCE, {"ever_worked": False}, True),
        ({**ONCE, "ping": "reply", "discovery": {"answer": "none"}}, {}, True),
        ({**ONCE, "discovery": {"answer": "same_address"}}, {}, False),
        ({**ONCE, "stream": "silent"}, {}, True),
        ({**SILENT, "stream": "ok"}, {}, False),
        ({**SILENT, "integration": "loaded"}, {}, False),
        ({**SILENT, "app": "works"}, {}, False),
        ({**SILENT, "app": "works"}, {"minutes_ago": 90}, True),
    ],
)
def test_a_lone_silence_is_no_hang(now: dict[str, Any], before: dict[str, Any], deaf: bool) -> None:
    """A cut of the power for one lost answer costs two minutes of picture."""
    found = signs(now=now, before=before)
    assert (S.DEAF in found) is deaf
    assert (S.SINGLE_FAILURE in found) is not deaf


def test_two_viewers_hold_the_picture() -> None:
    """A camera gives its picture to two, and says nothing to the third."""
    two = {"other_clients": [{"state": "works"}, {"state": "works"}]}
    assert S.MANY_VIEWERS in signs(now={**HERE, "stream": "silent"}, site=two)
    assert S.MANY_VIEWERS not in signs(now={**HERE, "stream": "ok"}, site=two)
    one = {"other_clients": [{"state": "works"}, {"state": "fails"}]}
    assert S.MANY_VIEWERS not in signs(now={**HERE, "stream": "silent"}, site=one)


REFUSED = {"ping": "reply", "login": {"result": "rejected"}}


@pytest.mark.parametrize(
    ("site", "there", "not_there"),
    [
        ({"third_party_access": "missing"}, {S.ACCESS_OFF}, set()),
        ({"third_party_access": "on"}, {S.ACCESS_ON}, set()),
        ({"password_verified": True}, {S.PASSWORD_OPENS_APP}, set()),
        ({"password_verified": False}, {S.PASSWORD_FAILS_IN_APP}, set()),
        ({"two_step_verification": True}, {S.TWO_STEPS}, set()),
        ({"neighbours": [camera("login_refused")]}, {S.OTHERS_REFUSED_TOO}, set()),
        ({"neighbours": [camera()]}, {S.ONLY_THIS_REFUSES}, {S.ALONE}),
        ({"neighbours": [phone()]}, set(), {S.ONLY_THIS_REFUSES}),
        ({"other_clients": [{"state": "works"}]}, {S.OTHERS_LOG_IN, S.RIVAL_CLIENTS}, set()),
        ({"other_clients": [{"state": "fails"}]}, {S.OTHERS_FAIL_TOO}, {S.OTHERS_LOG_IN}),
        ({"other_clients": [{"added_hours_ago": 3}]}, {S.NEW_CLIENT}, set()),
        ({"other_clients": [{"added_hours_ago": 300}]}, {S.RIVAL_CLIENTS}, {S.NEW_CLIENT}),
    ],
)
def test_what_surrounds_a_refusal(
    site: dict[str, Any], there: set[Sign], not_there: set[Sign]
) -> None:
    """The words of a refusal are the same for many causes; what surrounds it is not."""
    found = signs(now=REFUSED, site=site)
    assert there <= found
    assert not not_there & found


def test_who_gets_through_while_we_do_not() -> None:
    """Then the camera is on the air, whatever our probes say."""
    found = signs(now=GONE, site={"other_clients": [{"name": "vlc", "state": "works"}]})
    assert S.OTHERS_GET_THROUGH in found
    assert S.RIVAL_CLIENTS not in found


@pytest.mark.parametrize(
    ("neighbours", "there", "not_there"),
    [
        ([plug()], {S.ALONE}, {S.OTHERS_BACK}),
        ([phone()], set(), {S.ALONE, S.THINGS_GONE}),
        ([plug(back_minutes_ago=9), phone()], {S.OTHERS_BACK}, {S.ALONE}),
        ([plug(lost_minutes_before=1)], {S.OTHERS_BACK}, {S.ALONE}),
        ([plug(lost_minutes_before=500)], {S.ALONE}, {S.OTHERS_BACK}),
        ([plug("offline"), camera(back_minutes_ago=2)], {S.PART_BACK}, {S.THINGS_GONE}),
        ([plug("offline"), camera(), phone()], {S.SOME_GONE}, {S.THINGS_GONE}),
        ([plug("offline"), phone()], {S.THINGS_GONE}, {S.ALL_WIFI_GONE}),
        (
            [plug("offline", ssid="A"), plug(ssid="B", band="2.4"), phone()],
            {S.THINGS_GONE, S.NEW_NETWORK_LIVES},
            {S.SOME_GONE},
        ),
        ([plug("offline"), camera(band="5")], {S.THINGS_GONE}, {S.SOME_GONE}),
        # Whoever is here is on a network of another name, or on a cable.
        (
            [plug("offline", ssid="A"), phone(ssid="B"), {"kind": "wired", "state": "online"}],
            {S.OWN_WIFI_GONE},
            {S.THINGS_GONE, S.ALL_WIFI_GONE},
        ),
        ([plug("offline"), phone(ssid="A")], {S.THINGS_GONE}, {S.OWN_WIFI_GONE}),
        ([plug("offline"), phone(ssid="B"), phone()], {S.THINGS_GONE}, {S.OWN_WIFI_GONE}),
        (
            [plug("offline"), phone("offline", band="5", lost_minutes_before=-2), phone()],
            {S.BOTH_BANDS_GONE},
            {S.LOST_TOGETHER},
        ),
        (
            [plug("offline", band="2.4", lost_minutes_before=0), phone()],
            {S.LOST_TOGETHER},
            {S.BOTH_BANDS_GONE},
        ),
        ([plug("offline"), phone("offline", band="5"), phone()], set(), {S.BOTH_BANDS_GONE}),
        (
            [plug("offline"), phone("offline"), {"kind": "wired", "state": "online"}],
            {S.ALL_WIFI_GONE},
            {S.EVERYTHING_GONE},
        ),
        ([plug("offline"), {"kind": "wired", "state": "online"}], {S.ALL_WIFI_GONE}, set()),
        ([plug("offline"), phone("offline")], {S.EVERYTHING_GONE}, {S.ALL_WIFI_GONE}),
        (
            [plug("offline", lost_minutes_before=1), {"kind": "wired", "state": "offline"}],
            {S.EVERYTHING_GONE, S.LOST_TOGETHER, S.WIRED_GONE},
            set(),
        ),
        # A lamp in a drawer since last winter is no witness.
        ([plug("offline", lost_minutes_before=9000), camera()], {S.ALONE}, {S.SOME_GONE}),
        ([plug("offline", lost_minutes_before=9000)], set(), {S.ALONE, S.EVERYTHING_GONE}),
    ],
)
def test_who_was_lost_too(
    neighbours: list[dict[str, Any]], there: set[Sign], not_there: set[Sign]
) -> None:
    """The home is judged before the camera."""
    found = signs(now=GONE, before={"ssid": "A"}, site={"neighbours": neighbours})
    assert there <= found
    assert not not_there & found


@pytest.mark.parametrize(
    ("now", "sibling", "there"),
    [
        (GONE, {"firmware": "2", "lost_minutes_before": 20}, {S.SIBLING_JUST_UPDATED}),
        (GONE, {"firmware": "2"}, {S.SIBLING_OTHER_FIRMWARE_STEADY}),
        (GONE, {"firmware": "1"}, {S.SIBLING_SAME_FIRMWARE_FINE}),
        (GONE, {"firmware": "2", "state": "offline"}, set()),
        (REFUSED, {"firmware": "2"}, {S.NEW_REFUSED_OLD_FINE}),
        (HERE, {"firmware": "2"}, set()),
    ],
)
def test_equal_cameras_are_compared(
    now: dict[str, Any], sibling: dict[str, Any], there: set[Sign]
) -> None:
    """The strongest separator in the reports."""
    among = {
        S.SIBLING_JUST_UPDATED,
        S.SIBLING_OTHER_FIRMWARE_STEADY,
        S.SIBLING_SAME_FIRMWARE_FINE,
        S.NEW_REFUSED_OLD_FINE,
    }
    found = signs(
        camera={"model": "C200", "firmware": "1"},
        now=now,
        site={"neighbours": [{"kind": "camera", "model": "C200", "state": "online", **sibling}]},
    )
    assert found & among == there


@pytest.mark.parametrize(
    ("clock", "minutes_ago", "history", "sign"),
    [
        ("03:04", 3, {"planned_restart": "03:00"}, S.PLANNED_RESTART),
        ("00:02", 4, {"planned_restart": "23:58"}, S.PLANNED_RESTART),
        ("03:04", None, {"planned_restart": "03:00"}, S.PLANNED_RESTART),
        (None, None, {"planned_restart": "03:00", "same_time_of_day": True}, S.PLANNED_RESTART),
        ("03:04", 90, {"planned_restart": "03:00"}, None),
        ("09:00", 3, {"planned_restart": "03:00"}, None),
        ("04:30", 5, {"update_window": "03:00"}, S.UPDATE_WINDOW),
        ("04:30", 85, {"update_window": "03:00"}, S.WINDOW_LONG_PAST),
        ("12:00", 5, {"update_window": "03:00"}, None),
        (None, 5, {"update_window": "03:00"}, None),
    ],
)
def test_a_time_that_the_camera_set_itself(
    clock: str | None, minutes_ago: float | None, history: dict[str, Any], sign: Sign | None
) -> None:
    """A planned absence must be silent, and an unplanned one must not hide behind a plan."""
    now = {**GONE, **({"local_time": clock} if clock else {})}
    before = {} if minutes_ago is None else {"minutes_ago": minutes_ago}
    found = signs(now=now, before=before, history=history)
    assert found & {S.PLANNED_RESTART, S.UPDATE_WINDOW, S.WINDOW_LONG_PAST} == (
        {sign} if sign else set()
    )


def test_a_camera_that_is_back_is_not_updating() -> None:
    """Otherwise nothing could be done about it all night."""
    window = {"update_window": "03:00"}
    assert S.UPDATE_WINDOW not in signs(now={**HERE, "local_time": "03:10"}, history=window)
    fresh = {"firmware_changed_hours_ago": 0.1}
    found = signs(now={**HERE, "local_time": "03:10"}, history=window, camera=fresh)
    assert S.UPDATE_WINDOW in found


@pytest.mark.parametrize(
    ("app", "gateway_back", "sibling_back", "behind"),
    [
        (None, None, None, True),
        (None, 30, 20, True),
        (None, 3, None, False),
        (None, None, 2, False),
        (None, None, 0, False),
        ("works", 30, 20, False),
    ],
)
def test_who_is_late_by_minutes_is_not_left_behind(
    app: str | None, gateway_back: float | None, sibling_back: float | None, behind: bool
) -> None:
    """After each restart of the router somebody is the last to come."""
    found = signs(
        now={**GONE, **({"app": app} if app else {})},
        before={"minutes_ago": 35},
        site={
            "gateway": "reply",
            **({"gateway_back_minutes_ago": gateway_back} if gateway_back else {}),
            "neighbours": [
                camera(
                    "online",
                    lost_minutes_before=0,
                    **({"back_minutes_ago": sibling_back} if sibling_back is not None else {}),
                )
            ],
        },
    )
    assert (S.OTHERS_BACK in found) is behind


@pytest.mark.parametrize(
    ("more", "minutes_ago", "found"),
    [
        ({"ports": {"443": "refused", "554": "refused"}}, 3, True),
        (
            {"ports": {"443": "open"}, "login": {"result": "timeout", "failures_in_a_row": 4}},
            3,
            True,
        ),
        ({"ports": {"443": "refused", "554": "refused"}}, 60, False),
        ({"ports": {"443": "open"}, "login": {"result": "rejected"}}, 3, False),
        ({}, 3, False),
    ],
)
def test_a_camera_that_is_only_half_up_may_be_updating(
    more: dict[str, Any], minutes_ago: float, found: bool
) -> None:
    """An echo says that the network is up, not that the firmware is written."""
    seen = signs(
        now={"ping": "reply", "local_time": "03:40", **more},
        before={"minutes_ago": minutes_ago},
        history={"update_window": "03:00"},
    )
    assert (S.UPDATE_WINDOW in seen) is found


def test_an_echo_alone_does_not_wake_a_camera_on_battery() -> None:
    """Its radio echoes while it sleeps: nobody need climb up to it for that."""
    asleep = {"ping": "reply", "ports": {"443": "refused"}}
    battery, mains = {"power": "battery"}, {"power": "mains"}
    assert contact_of(evidence(now=asleep, camera=battery)) is Contact.SILENT
    assert contact_of(evidence(now=asleep, camera=mains)) is Contact.ANSWERS
    awake = {"ping": "reply", "ports": {"443": "open"}}
    assert contact_of(evidence(now=awake, camera=battery)) is Contact.ANSWERS
    assert contact_of(evidence(now={"ping": "reply"}, camera=battery)) is Contact.ANSWERS


def test_nothing_seen_is_no_sign() -> None:
    """Silence of the probes is not silence of the camera."""
    assert contact_of(Evidence()) is Contact.UNKNOWN


@pytest.mark.parametrize(
    ("ports", "deaf"),
    [
        ({"443": "open"}, True),
        ({"10443": "open"}, True),
        ({"10443": "open", "554": "silent"}, True),
        ({"2020": "open"}, False),
        ({"10443": "open", "20443": "open"}, False),
    ],
)
def test_the_control_port_is_the_one_that_is_watched_in_its_place(
    ports: dict[str, str], deaf: bool
) -> None:
    """A camera whose firmware has moved the service hangs like any other."""
    login = {"result": "timeout", "failures_in_a_row": 3}
    found = signs(now={"ping": "reply", "ports": ports, "login": login})
    assert (S.DEAF in found) is deaf
