"""Which observation would tell most per minute of effort."""

from dataclasses import dataclass
from enum import StrEnum


class Asked(StrEnum):
    """Who can get an observation."""

    DOCTOR = "doctor"
    PERSON = "person"


class QuestionKey(StrEnum):
    """The observations that can be asked for."""

    REACH = "reach"
    IDENTITY = "identity"
    DISCOVERY = "discovery"
    LOGIN = "login"
    STREAM = "stream"
    PLUG = "plug"
    WATTS = "watts"
    GATEWAY = "gateway"
    SCAN = "scan"
    ROUTER_LIST = "router_list"
    NEIGHBOURS = "neighbours"
    LIGHT = "light"
    APP = "app"
    SOUND = "sound"
    ADAPTER = "adapter"
    NETWORK_CHANGED = "network_changed"
    CREDENTIALS_CHANGED = "credentials_changed"
    THIRD_PARTY_ACCESS = "third_party_access"
    PASSWORD_VERIFIED = "password_verified"
    INTERNET_FOR_CAMERA = "internet_for_camera"
    RESTART = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The observation that would help most. `answers`: the keys of what may be answered."""

    key: QuestionKey
    asked: Asked
    minutes: float
    answers: tuple[str, ...]
