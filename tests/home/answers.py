"""What a camera knows about itself: the methods of its control port, as tables."""

import base64
import copy
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .camera import Camera

type Json = dict[str, Any]

UNSUPPORTED_METHOD: Final = -40106
INVALID_ARGUMENTS: Final = -40209

COMPONENTS: Final[Mapping[str, int]] = {
    "sdCard": 1,
    "timezone": 1,
    "system": 3,
    "led": 1,
    "detection": 3,
    "firmware": 2,
    "account": 2,
    "quickSetup": 1,
    "video": 2,
    "lensMask": 2,
    "dayNightMode": 1,
    "osd": 2,
    "record": 1,
    "audio": 2,
    "diagnose": 1,
    "msgPush": 3,
    "tamperDetection": 1,
    "personDetection": 2,
    "babyCryDetection": 1,
    "iotCloud": 1,
    "staticIp": 2,
}
# These turn; the others stand still.
TURNING_MODELS: Final = ("C200", "C210", "C220", "C225", "C520")

# Answers that are kept settings: module, section, and how it is when new.
NEW_SETTINGS: Final[Mapping[str, Mapping[str, Json]]] = {
    "led": {"config": {"enabled": "on"}},
    "lens_mask": {"lens_mask_info": {"enabled": "off"}},
    "motion_detection": {
        "motion_det": {"enabled": "on", "sensitivity": "medium", "digital_sensitivity": "50"}
    },
    "people_detection": {"detection": {"enabled": "off", "sensitivity": "50"}},
    "tamper_detection": {"tamper_det": {"enabled": "off", "sensitivity": "medium"}},
    "sound_detection": {"bcd": {"enabled": "off", "sensitivity": "medium"}},
    "auto_upgrade": {"common": {"enabled": "on", "time": "03:00", "random_range": "120"}},
    "timing_reboot": {"reboot": {"enabled": "off", "day": "7", "time": "04:00:00"}},
    "cloud_config": {
        "upgrade_status": {"lastUpgradingSuccess": True, "state": "normal"},
        "upgrade_info": {"type": "0", "version": "", "release_log": ""},
    },
    "preset": {"preset": {"id": [], "name": [], "position_pan": [], "position_tilt": []}},
    "harddisk_manage": {"hd_info": {}},
    "third_account": {"third_account": {"enabled": "on", "username": "viewer"}},
    "cet": {"vhttpd": {"port": "8800"}, "media_encrypt": {"enabled": "on"}},
}

# Method: the module and section it reads.
GETTERS: Final[Mapping[str, tuple[str, str]]] = {
    "getLedStatus": ("led", "config"),
    "getLensMaskConfig": ("lens_mask", "lens_mask_info"),
    "getDetectionConfig": ("motion_detection", "motion_det"),
    "getPersonDetectionConfig": ("people_detection", "detection"),
    "getTamperDetectionConfig": ("tamper_detection", "tamper_det"),
    "getBCDConfig": ("sound_detection", "bcd"),
    "getFirmwareAutoUpgradeConfig": ("auto_upgrade", "common"),
    "getReboot": ("timing_reboot", "reboot"),
    "getFirmwareUpdateStatus": ("cloud_config", "upgrade_status"),
    "getCloudConfig": ("cloud_config", "upgrade_info"),
    "getPresetConfig": ("preset", "preset"),
    "getThirdAccount": ("third_account", "third_account"),
    "getVhttpd": ("cet", "vhttpd"),
    "getMediaEncrypt": ("cet", "media_encrypt"),
}


def new_settings() -> dict[str, dict[str, Any]]:
    """Give the settings of a new camera."""
    return copy.deepcopy({module: dict(sections) for module, sections in NEW_SETTINGS.items()})


def answer(camera: Camera, request: Json) -> Json:
    """Answer what stood inside a request: one method, or several at once."""
    method, params = request.get("method"), request.get("params")
    if method == "multipleRequest":
        requests = params.get("requests") if isinstance(params, dict) else None
        if not isinstance(requests, list):
            return {"error_code": INVALID_ARGUMENTS}
        responses = [_one_of_many(camera, one) for one in requests if isinstance(one, dict)]
        return {"error_code": 0, "result": {"responses": responses}}
    if method in {"get", "set", "do"}:
        return _by_module(camera, method, request)
    return _one(camera, str(method), params if isinstance(params, dict) else {})


def _one_of_many(camera: Camera, request: Json) -> Json:
    method = str(request.get("method"))
    params = request.get("params")
    response = _one(camera, method, params if isinstance(params, dict) else {})
    # Real cameras forget to name this method among several, so clients ask for it alone.
    return response if method == "scanApList" else {"method": method, **response}


def _one(camera: Camera, method: str, params: Json) -> Json:
    if place := GETTERS.get(method):
        module, section = place
        return {"error_code": 0, "result": {module: {section: camera.settings[module][section]}}}
    if action := ACTIONS.get(method):
        return {"error_code": 0, "result": action(camera, params)}
    if method.startswith("set") and params.keys() <= camera.settings.keys():
        _merge(camera.settings, params)
        return {"error_code": 0, "result": {}}
    return {"error_code": UNSUPPORTED_METHOD}


def _by_module(camera: Camera, method: str, request: Json) -> Json:
    """Answer the older way of asking, by module instead of by method's name."""
    modules = {key: value for key, value in request.items() if isinstance(value, dict)}
    if method == "do":
        if "reboot" in modules.get("system", {}):
            _reboot(camera, {})
        return {"error_code": 0}
    if method == "set":
        if not modules.keys() <= camera.settings.keys():
            return {"error_code": INVALID_ARGUMENTS}
        _merge(camera.settings, modules)
        return {"error_code": 0}
    known = {**camera.settings, **_device_info(camera, {}), **_clock(camera, {})}
    return {"error_code": 0} | {module: known[module] for module in modules if module in known}


def _merge(into: Json, new: Json) -> None:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _device_info(camera: Camera, _: Json) -> Json:
    mac, device_id = camera.identity
    return {
        "device_info": {
            "basic_info": {
                "avatar": "Home",
                "barcode": "",
                "dev_id": device_id,
                "device_alias": camera.alias,
                "device_info": f"{camera.model} {camera.hardware} IPC",
                "device_model": camera.model,
                "device_name": f"{camera.model} {camera.hardware}",
                "device_type": "SMART.IPCAMERA",
                "features": 3,
                "ffs": False,
                "has_set_location_info": 0,
                "hw_desc": "0" * 32,
                "hw_id": "0" * 32,
                "hw_version": camera.hardware,
                "is_cal": True,
                "latitude": 0,
                "longitude": 0,
                "mac": mac.replace(":", "-"),
                "manufacturer_name": "TP-LINK",
                "mobile_access": "0",
                "oem_id": "0" * 32,
                "region": "EU",
                "sw_version": camera.firmware,
            }
        }
    }


def _connection(camera: Camera, _: Json) -> Json:
    return {
        "link_type": "wifi",
        "rssi": str(camera.radio.bars),
        "rssiValue": camera.rssi,
        "ssid": base64.b64encode(camera.ssid.encode()).decode(),
    }


def _address(camera: Camera, _: Json) -> Json:
    wan = {
        "ifname": "WLAN0",
        "proto": "dhcp",
        "ipaddr": camera.host,
        "netmask": "255.0.0.0",
        "gateway": camera.home.gateway.host,
        "pri_dns": camera.home.gateway.host,
        "snd_dns": "0.0.0.0",  # noqa: S104 - none, in the camera's words
        "link_status": "up",
    }
    return {"network": {"wan": wan}}


def _components(camera: Camera, _: Json) -> Json:
    turning = {"ptz": 1} if camera.model.startswith(TURNING_MODELS) else {}
    listed = [{"name": name, "version": v} for name, v in {**COMPONENTS, **turning}.items()]
    return {"app_component": {"app_component_list": listed}}


def _clock(_: Camera, __: Json) -> Json:
    now = int(time.time())
    local = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return {"system": {"clock_status": {"seconds_from_1970": now, "local_time": local}}}


def _timezone(_: Camera, __: Json) -> Json:
    basic = {"timezone": "UTC-00:00", "timing_mode": "ntp", "zone_id": "Europe/London"}
    return {"system": {"basic": basic}}


def _last_alarm(_: Camera, __: Json) -> Json:
    alarm = {"last_alarm_time": "1763800000", "last_alarm_type": "motion"}
    return {"system": {"last_alarm_info": alarm}}


def _sd_card(_: Camera, __: Json) -> Json:
    card = {
        "disk_name": "1",
        "status": "offline",
        "detect_status": "offline",
        "rw_attr": "r",
        "type": "local",
        "total_space": "0B",
        "free_space": "0B",
        "percent": "0",
        "loop_record_status": "0",
        "write_protect": "0",
    }
    return {"harddisk_manage": {"hd_info": [{"hd_info_1": card}]}}


def _scan(camera: Camera, _: Json) -> Json:
    found = [
        {
            "ssid": network.ssid,
            "bssid": network.bssid,
            "auth": 4,
            "encryption": 3,
            "rssi": network.bars,
        }
        for network in camera.home.networks_on_the_air()
    ]
    return {"onboarding": {"scan": {"ap_list": found, "wpa3_supported": "false"}}}


def _reboot(camera: Camera, _: Json) -> Json:
    # The answer still gets out.
    camera.home.clock.call_later(1.0, camera.reboot)
    return {}


def _alias(camera: Camera, params: Json) -> Json:
    camera.alias = str(params.get("system", {}).get("sys", {}).get("dev_alias", camera.alias))
    return {}


def _nothing(_: Camera, __: Json) -> Json:
    return {}


ACTIONS: Final[Mapping[str, Callable[[Camera, Json], Json]]] = {
    "getDeviceInfo": _device_info,
    "getConnectionType": _connection,
    "getDeviceIpAddress": _address,
    "getAppComponentList": _components,
    "getClockStatus": _clock,
    "getTimezone": _timezone,
    "getLastAlarmInfo": _last_alarm,
    "getSdCardStatus": _sd_card,
    "scanApList": _scan,
    "rebootDevice": _reboot,
    "setDeviceAlias": _alias,
    "setTimezone": _nothing,
    "motorMove": _nothing,
    "motorMoveToPreset": _nothing,
    "checkDiagnoseStatus": _nothing,
}
