"""What a device saw of its clients."""

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Counters:
    """Counted since the start, or since `clear`."""

    tcp_accepts: int = 0
    tls_handshakes: int = 0
    http_requests: int = 0
    # All login requests, those that only fetch a nonce included.
    login_requests: int = 0
    logins: int = 0
    failed_logins: int = 0
    # Sent to this device alone; what comes by broadcast may be any other program's.
    udp_probes: int = 0
    udp_broadcasts: int = 0
    rtsp_requests: int = 0

    def clear(self) -> None:
        """Begin anew."""
        for name in asdict(self):
            setattr(self, name, 0)

    def as_dict(self) -> dict[str, int]:
        """For the control's JSON."""
        return asdict(self)
