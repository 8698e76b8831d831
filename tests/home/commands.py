"""What a person or a program may ask of a running home, in words."""

import shlex
from typing import TYPE_CHECKING, Any, Final

from .camera import Camera
from .faults import TABLE, Fault, Kind
from .plug import Plug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .device import Device
    from .home import Home

HELP: Final = """\
status                             the devices and how they are
faults                             what can be put on, and its options
fault DEVICE FAULT [OPTION=VALUE]  put it on a device; for the home's, DEVICE is `home`
clear [DEVICE [FAULT]]             take it off; without anything, all of it
plug NAME on|off                   switch a plug, as by hand
events                             what has happened
quit                               stop"""


class CommandError(Exception):
    """Something that cannot be done, in words for whoever asked."""


def put_on(home: Home, device: str, fault: str, options: Mapping[str, Any]) -> None:
    """Put a fault on a device, or on the home."""
    try:
        if device == "home":
            home.site_fault(Fault(fault), **options)
        else:
            home.fault(device, Fault(fault), **options)
    except (KeyError, ValueError, OSError) as error:
        raise CommandError(_words(error)) from error


def take_off(home: Home, device: str | None = None, fault: str | None = None) -> None:
    """Take faults off."""
    try:
        one = Fault(fault) if fault else None
        if device == "home":
            home.clear_site(one)
        else:
            home.clear(device, one)
    except (KeyError, ValueError, OSError) as error:
        raise CommandError(_words(error)) from error


def switch(home: Home, name: str, *, on: bool) -> None:
    """Switch a plug by hand."""
    plug = next((plug for plug in home.plugs if plug.name == name), None)
    if plug is None:
        raise CommandError(f"there is no plug called {name!r}")
    if on:
        plug.turn_on()
    else:
        plug.turn_off()


def status(home: Home) -> dict[str, Any]:
    """Describe the home and all in it, as data."""
    return {
        "account": {"username": home.account[0], "password": home.account[1]},
        "broadcast": home.broadcast,
        "gateway": {"host": home.gateway.host, "port": home.gateway.port, "up": home.gateway.up},
        "internet": {
            "host": home.internet.host,
            "port": home.internet.port,
            "up": home.internet.up,
        },
        "faults": {str(fault): options for fault, options in home.site_faults.items()},
        "devices": [_device(device) for device in home.devices],
        "events": [{"at": at, "who": who, "what": what} for at, who, what in home.events],
    }


def _device(device: Device) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if isinstance(device, Camera):
        more = {
            "rtsp_port": device.rtsp_port,
            "plug": device.plug,
            "seconds_locked": device.seconds_locked,
        }
    if isinstance(device, Plug):
        more = {"on": device.is_on, "load_watts": round(device.load_watts, 2)}
    return {
        "name": device.name,
        "kind": str(device.kind),
        "model": device.model,
        "firmware": device.firmware,
        "host": device.host,
        "port": device.port,
        "mac": device.mac,
        "device_id": device.device_id,
        "ssid": device.ssid,
        "rssi": device.rssi,
        "state": device.state,
        "faults": {str(fault): options for fault, options in device.faults.items()},
        "counters": device.counters.as_dict(),
        **more,
    }


def table(home: Home) -> str:
    """Describe the home in lines for a terminal."""
    lines = [
        f"{'name':16}{'model':8}{'address':22}{'stream':>7}{'dBm':>5}  {'state':10}faults",
    ]
    for device in home.devices:
        stream = str(device.rtsp_port) if isinstance(device, Camera) else ""
        state = device.state
        if isinstance(device, Plug):
            state = f"{'on' if device.is_on else 'off'} {device.load_watts:.1f} W"
        lines.append(
            f"{device.name:16}{device.model:8}{f'{device.host}:{device.port}':22}{stream:>7}"
            f"{device.rssi:>5}  {state:10}{', '.join(device.faults)}"
        )
    for host in (home.gateway, home.internet):
        state = "up" if host.up else "silent"
        address = f"{host.host}:{host.port}"
        lines.append(f"{host.name:16}{'':8}{address:22}{'':12}  {state:10}")
    if home.site_faults:
        lines.append(f"faults of the home: {', '.join(home.site_faults)}")
    return "\n".join(lines)


def fault_table() -> str:
    """List the faults with their options."""
    lines = []
    for fault, row in TABLE.items():
        on = "/".join("home" if kind is Kind.SITE else kind for kind in sorted(row.kinds))
        options = " ".join(f"{key}={value}" for key, value in row.options.items())
        lines.append(f"{fault:28}{on:18}{row.words}" + (f"  [{options}]" if options else ""))
    return "\n".join(lines)


def obey(home: Home, line: str) -> str:
    """Carry out one line of the prompt and say what there is to say."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CommandError(str(error)) from error
    if not words:
        return ""
    command, *arguments = words
    if command not in _COMMANDS:
        raise CommandError(f"unknown: {command}\n{HELP}")
    try:
        return _COMMANDS[command](home, *arguments)
    except TypeError as error:
        raise CommandError(HELP) from error


def _fault(home: Home, device: str, fault: str, *options: str) -> str:
    pairs = [option.partition("=") for option in options]
    put_on(home, device, fault, {key: value for key, _, value in pairs})
    return table(home)


def _clear(home: Home, device: str | None = None, fault: str | None = None) -> str:
    take_off(home, device, fault)
    return table(home)


def _plug(home: Home, name: str, state: str) -> str:
    if state not in {"on", "off"}:
        raise CommandError("a plug is switched on or off")
    switch(home, name, on=state == "on")
    return table(home)


def _events(home: Home) -> str:
    return "\n".join(f"{at:10.1f} {who}: {what}" for at, who, what in home.events)


def _words(error: BaseException) -> str:
    return str(error.args[0]) if isinstance(error, KeyError) else str(error)


_COMMANDS: Final[Mapping[str, Callable[..., str]]] = {
    "status": table,
    "faults": lambda _: fault_table(),
    "fault": _fault,
    "clear": _clear,
    "plug": _plug,
    "events": _events,
    "help": lambda _: HELP,
}
