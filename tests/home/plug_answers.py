"""What a plug knows about itself: the methods of its control port, as a table."""

import base64
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .plug import Plug

type Json = dict[str, Any]

UNKNOWN_METHOD: Final = -10
PARAMS_ERROR: Final = -1008
MILLIVOLTS: Final = 230_400
MAX_WATTS: Final = 3680

COMPONENTS: Final[Mapping[str, int]] = {
    "device": 2,
    "firmware": 2,
    "quick_setup": 3,
    "time": 1,
    "wireless": 1,
    "schedule": 2,
    "countdown": 2,
    "antitheft": 1,
    "account": 1,
    "synchronize": 1,
    "led": 1,
    "cloud_connect": 1,
    "iot_cloud": 1,
    "device_local_time": 1,
    "default_states": 1,
    "auto_off": 2,
}
METER: Final[Mapping[str, int]] = {"energy_monitoring": 2, "power_protection": 1}


def answer(plug: Plug, request: Json) -> Json:
    """Answer what stood inside a request: one method, or several at once."""
    method, params = str(request.get("method")), request.get("params")
    if method != "multipleRequest":
        return _one(plug, method, params)
    requests = params.get("requests") if isinstance(params, dict) else None
    if not isinstance(requests, list):
        return {"error_code": PARAMS_ERROR}
    responses = [
        {"method": str(one.get("method")), **_one(plug, str(one.get("method")), one.get("params"))}
        for one in requests
        if isinstance(one, dict)
    ]
    return {"error_code": 0, "result": {"responses": responses}}


def _one(plug: Plug, method: str, params: object) -> Json:
    known = METHODS.get(method) or (METER_METHODS.get(method) if plug.metering else None)
    if known is None:
        return {"error_code": UNKNOWN_METHOD}
    return {"error_code": 0, "result": known(plug, params if isinstance(params, dict) else {})}


def _components(plug: Plug, _: Json) -> Json:
    components = {**COMPONENTS, **(METER if plug.metering else {})}
    return {"component_list": [{"id": name, "ver_code": v} for name, v in components.items()]}


def _info(plug: Plug, _: Json) -> Json:
    mac, device_id = plug.identity
    return {
        "auto_off_remain_time": 0,
        "auto_off_status": "off",
        "avatar": "plug",
        "default_states": {"state": {}, "type": "last_states"},
        "device_id": device_id,
        "device_on": plug.is_on,
        "fw_id": "0" * 32,
        "fw_ver": plug.firmware,
        "has_set_location_info": False,
        "hw_id": "0" * 32,
        "hw_ver": plug.hardware,
        "ip": plug.host,
        "lang": "en_US",
        "latitude": 0,
        "longitude": 0,
        "mac": mac.replace(":", "-"),
        "model": plug.model,
        "nickname": base64.b64encode(plug.alias.encode()).decode(),
        "oem_id": "0" * 32,
        "on_time": int(plug.home.clock.now() - plug.on_since) if plug.is_on else 0,
        "overcurrent_status": "normal",
        "overheated": False,
        "power_protection_status": "normal",
        "region": "Europe/London",
        "rssi": plug.rssi,
        "signal_level": min(3, plug.radio.bars),
        "specs": "",
        "ssid": base64.b64encode(plug.ssid.encode()).decode(),
        "time_diff": 0,
        "type": "SMART.TAPOPLUG",
    }


def _set_info(plug: Plug, params: Json) -> Json:
    match params.get("device_on"):
        case True:
            plug.turn_on()
        case False:
            plug.turn_off()
    if "nickname" in params:
        plug.alias = base64.b64decode(str(params["nickname"])).decode(errors="replace")
    return {}


def _local_time() -> str:
    return datetime.fromtimestamp(time.time(), UTC).strftime("%Y-%m-%d %H:%M:%S")


def _energy(plug: Plug, _: Json) -> Json:
    return {
        "current_power": round(plug.load_watts * 1000),
        "electricity_charge": [0, 0, 0],
        "local_time": _local_time(),
        "month_energy": 1460,
        "month_runtime": 30_240,
        "today_energy": 34,
        "today_runtime": 700,
    }


def _emeter(plug: Plug, _: Json) -> Json:
    milliwatts = round(plug.load_watts * 1000)
    return {
        "current_ma": round(milliwatts * 1000 / MILLIVOLTS),
        "voltage_mv": MILLIVOLTS,
        "power_mw": milliwatts,
        "energy_wh": 1460,
    }


def _power(plug: Plug, _: Json) -> Json:
    return {"current_power": round(plug.load_watts)}


def _led(plug: Plug, _: Json) -> Json:
    return {
        "led_rule": "always" if plug.led else "never",
        "led_status": plug.led,
        "night_mode": {
            "end_time": 420,
            "night_mode_type": "sunrise_sunset",
            "start_time": 1140,
            "sunrise_offset": 0,
            "sunset_offset": 0,
        },
    }


def _set_led(plug: Plug, params: Json) -> Json:
    plug.led = params.get("led_rule") != "never"
    return {}


def _scan(plug: Plug, params: Json) -> Json:
    found = [
        {
            "bssid": network.bssid,
            "channel": network.channel,
            "cipher_type": 2,
            "key_type": "wpa2_psk",
            "signal_level": min(3, network.bars),
            "ssid": base64.b64encode(network.ssid.encode()).decode(),
        }
        for network in plug.home.networks_on_the_air()
    ]
    start = params.get("start_index", 0)
    start = start if isinstance(start, int) else 0
    return {
        "ap_list": found[start : start + 10],
        "start_index": start,
        "sum": len(found),
        "wep_supported": False,
    }


def _reboot(plug: Plug, _: Json) -> Json:
    plug.home.clock.call_later(1.0, plug.reboot)
    return {}


def _same(value: Json) -> Callable[[Plug, Json], Json]:
    return lambda _, __: dict(value)


def _device_time(_: Plug, __: Json) -> Json:
    return {"region": "Europe/London", "time_diff": 0, "timestamp": int(time.time())}


def _latest_firmware(plug: Plug, _: Json) -> Json:
    return {
        "fw_size": 0,
        "fw_ver": plug.firmware,
        "hw_id": "",
        "need_to_upgrade": False,
        "oem_id": "",
        "release_date": "",
        "release_note": "",
        "type": 0,
    }


METHODS: Final[Mapping[str, Callable[[Plug, Json], Json]]] = {
    "component_nego": _components,
    "get_device_info": _info,
    "set_device_info": _set_info,
    "get_device_time": _device_time,
    "get_connect_cloud_state": _same({"status": 0}),
    "get_auto_update_info": _same({"enable": True, "random_range": 120, "time": 180}),
    "get_latest_fw": _latest_firmware,
    "get_fw_download_state": _same(
        {
            "auto_upgrade": False,
            "download_progress": 0,
            "reboot_time": 5,
            "status": 0,
            "upgrade_time": 5,
        }
    ),
    "get_led_info": _led,
    "set_led_info": _set_led,
    "get_auto_off_config": _same({"delay_min": 120, "enable": False}),
    "get_device_usage": _same({"time_usage": {"past30": 30_240, "past7": 7_056, "today": 700}}),
    "get_next_event": _same({}),
    "get_wireless_scan_info": _scan,
    "device_reboot": _reboot,
}
METER_METHODS: Final[Mapping[str, Callable[[Plug, Json], Json]]] = {
    "get_energy_usage": _energy,
    "get_emeter_data": _emeter,
    "get_current_power": _power,
    "get_emeter_vgain_igain": _same({"igain": 11_000, "vgain": 125_000}),
    "get_protection_power": _same({"enabled": False, "protection_power": 0}),
    "get_max_power": _same({"max_power": MAX_WATTS}),
}
