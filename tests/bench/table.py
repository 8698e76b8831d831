"""The findings as a table for people."""

from statistics import median
from typing import TYPE_CHECKING, Final

from .plan import Trouble
from .watchers import OURS, WATCHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .findings import Crowd, Lane, Outage, Pauses

UNSEEN: Final = "cannot be measured"
_LABEL: Final = 46
_CELL: Final = 18


def spread(values: Sequence[float | None], patience_s: float) -> str:
    """Say the median and the most; what was not seen counts as later than all that was."""
    seen = sorted(value for value in values if value is not None)
    if not seen:
        return f"not in {patience_s:.0f} s"
    if len(seen) == len(values):
        return f"{median(seen):.0f} / {seen[-1]:.0f}"
    return f"{seen[0]:.0f} … not in {patience_s:.0f}"


def render(machine: dict[str, str], date: str, lanes: Sequence[Lane], crowd: Crowd | None) -> str:
    """Put everything into lines."""
    lines = [f"Measured on {date}: {machine['machine']};"]
    versions = ", ".join(f"{name} {what}" for name, what in machine.items() if name != "machine")
    lines += [versions, "", *_side_by_side(lanes)]
    if not all(lane.island for lane in lanes):
        lines += [
            "",
            "This machine allows no network of one's own. On loopback the kernel answers the pings",
            "of every device, and heartbeats are connections: those are counted with the others.",
        ]
    if crowd is not None:
        lines += ["", *_large_home(crowd)]
    return "\n".join(lines)


def _side_by_side(lanes: Sequence[Lane]) -> Iterable[str]:
    yield _row("", [lane.watcher for lane in lanes])
    count = max((len(lane.outages) for lane in lanes), default=0) // len(Trouble)
    yield f"seconds at the median / at the most, of {count}"
    for trouble in Trouble:
        yield _row(f"  {trouble}: shown", [_seen(lane, trouble) for lane in lanes])
    for trouble in Trouble:
        yield _row(f"  {trouble}: cause named", [_named(lane, trouble) for lane in lanes])
    yield _row("  shown to be back", [_back(lane) for lane in lanes])
    yield "what a healthy camera gets in a minute"
    for what in dict.fromkeys(name for lane in lanes for name in lane.traffic):
        yield _row(f"  {what}", [f"{lane.traffic[what]:.2f}" for lane in lanes])
    yield "what it costs"
    yield _row("  % of a core, each camera", [f"{100 * lane.cpu_share:.3f}" for lane in lanes])
    yield _row("  log records, each outage", [f"{lane.records_per_outage:.1f}" for lane in lanes])
    lock = max((lane.lock_s for lane in lanes), default=0)
    yield f"login requests of a camera that is locked for {lock:.0f} s"
    yield _row("  left alone", [_logins(lane, lambda one: one.locked_logins) for lane in lanes])
    yield _row(
        "  asked to look again", [_logins(lane, lambda one: one.asked_logins) for lane in lanes]
    )


def _row(label: str, cells: Sequence[str]) -> str:
    return f"{label:<{_LABEL}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def _seen(lane: Lane, trouble: Trouble) -> str:
    if WATCHERS[lane.watcher].pings and trouble is Trouble.CUT and not lane.island:
        return UNSEEN
    return spread(_of(lane, trouble, lambda outage: outage.gone_s), lane.patience_s)


def _named(lane: Lane, trouble: Trouble) -> str:
    if not WATCHERS[lane.watcher].names:
        return "never"
    return spread(_of(lane, trouble, lambda outage: outage.named_s), lane.patience_s)


def _of(
    lane: Lane, trouble: Trouble, value: Callable[[Outage], float | None]
) -> list[float | None]:
    return [value(outage) for outage in lane.outages if outage.trouble is trouble]


def _back(lane: Lane) -> str:
    seen = [outage.back_s for outage in lane.outages if outage.back_s is not None]
    return f"{median(seen):.0f} / {max(seen):.0f}" if seen else "-"


def _logins(lane: Lane, value: Callable[[Lane], float | None]) -> str:
    count = value(lane)
    return "-" if count is None else f"{count:.1f}"


def _large_home(crowd: Crowd) -> Iterable[str]:
    share, empty = 100 * crowd.cpu_share, 100 * crowd.empty_share
    yield f"a home of {crowd.cameras} cameras with {OURS}"
    yield f"  calm, for {crowd.seconds:.0f} s: {share:.1f} % of a core (empty {empty:.1f} %),"
    yield f"    {crowd.memory_mb:.0f} MB (empty {crowd.empty_mb:.0f} MB),"
    yield f"    {_longest(crowd.calm)}"
    gone = "not in time" if crowd.confirmed_s is None else f"shown within {crowd.confirmed_s:.0f} s"
    yield f"  all lost at once and back: {gone}, {crowd.lost_cpu_s:.1f} s of CPU,"
    yield f"    {_longest(crowd.lost)}"
    for name, pauses in (("calm", crowd.calm), ("lost", crowd.lost)):
        if pauses.calls:
            yield f"  {name}: {pauses.calls} pauses over 50 ms; the longest was {pauses.culprit}"


def _longest(pauses: Pauses) -> str:
    """Say how long the loop stood still; on a busy machine much of that is others' work."""
    return (
        f"longest pause {pauses.most_ms:.0f} ms, longest work {pauses.most_cpu_ms:.0f} ms, "
        f"garbage collection {pauses.garbage_ms:.0f} ms"
    )
