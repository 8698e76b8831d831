"""What to do about it: steps, in the order that costs least."""

from enum import StrEnum


class Step(StrEnum):
    """A step a person or the doctor can take; the keys are a contract."""

    RESTART_CAMERA = "restart_camera"
    RESTART_ROUTER_AND_CAMERA = "restart_router_and_camera"
    RECONFIGURE_WIFI = "reconfigure_wifi"
    RESTORE_OLD_WIFI = "restore_old_wifi"
    CHECK_POWER = "check_power"
    USE_24GHZ = "use_24ghz"
    IMPROVE_SIGNAL = "improve_signal"
    UPDATE_FIRMWARE = "update_firmware"
    ENABLE_THIRD_PARTY_ACCESS = "enable_third_party_access"
    ENTER_PASSWORD = "enter_password"
    WAIT_FOR_LOCK = "wait_for_lock"
    ONE_CLIENT_ONLY = "one_client_only"
    UPDATE_INTEGRATION = "update_integration"
    RELOAD_INTEGRATION = "reload_integration"
    RESERVE_ADDRESS = "reserve_address"
    OPEN_NETWORK = "open_network"
    CHECK_HOME_NETWORK = "check_home_network"
    FREE_STREAM = "free_stream"
    WAIT = "wait"
    TURN_PLUG_ON = "turn_plug_on"
    CONTACT_SUPPORT = "contact_support"
