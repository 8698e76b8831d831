"""Judges the mind by cases whose answer is known."""

import argparse
import sys
from collections import Counter
from pathlib import Path
from statistics import fmean, median
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from _mind import UnreadableError, end_with_the_reader, read_file
from doctor import Cause, Diagnosis, Expect, Step, diagnose
from doctor.playbook import PLAYBOOK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doctor import Evidence

# The article's fixed order; its last step, support, ends the search.
ARTICLE = (
    Step.RESTART_CAMERA,
    Step.RECONFIGURE_WIFI,
    Step.CHECK_POWER,
    Step.USE_24GHZ,
    Step.UPDATE_FIRMWARE,
    Step.CONTACT_SUPPORT,
)
BINS = 10
SURE = 0.8
HOME = 200
# With nothing to repair, there are no minutes to count.
NOT_REPAIRED = frozenset({Cause.HEALTHY, Cause.UNDETERMINED})


class Judged(NamedTuple):
    """A case, its answer, and ours."""

    name: str
    evidence: Evidence
    expect: Expect
    diagnosis: Diagnosis

    @property
    def right(self) -> frozenset[Cause]:
        """The answers that an expert defends."""
        return frozenset({self.expect.cause, *self.expect.also_right})

    @property
    def stands(self) -> bool:
        """Tell whether the first answer is right, or equally right."""
        return self.diagnosis.cause in self.right


def main() -> int:
    """Read every case below the folders, and print the figures folder by folder."""
    parser = argparse.ArgumentParser(prog="scripts/evaluate", description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    folders = parser.parse_args().folders
    everything: list[Judged] = []
    status = 0
    for folder in folders:
        judged = []
        for file in sorted(Path(folder).rglob("*.json")):
            try:
                case = read_file(file)
            except UnreadableError as error:
                print(f"{file}: {error}", file=sys.stderr)
                status = 2
                continue
            if case.expect is not None:
                found = diagnose(case.evidence)
                judged.append(Judged(file.name, case.evidence, case.expect, found))
        if judged:
            report(folder, judged)
        everything += judged
    if not everything:
        print("no case with an answer was found", file=sys.stderr)
        return 2
    if len(folders) > 1:
        report("all together", everything)
    speed(everything)
    return status


def report(title: str, judged: Sequence[Judged]) -> None:
    """Print one set's figures."""
    sure = [one for one in judged if one.diagnosis.confidence >= SURE]
    steps = [one for one in judged if one.expect.first_steps]
    print(f"\n{title}: {len(judged)} cases")
    print(f"  first or equally right   {share(judged, lambda one: one.stands)}")
    print(f"  the very cause first     {share(judged, _very)}")
    print(f"  among the first three    {share(judged, _among_three)}")
    print(f"  answers of 80 % and more {len(sure)}, wrong {sum(not one.stands for one in sure)}")
    print(f"  Brier {brier(judged):.3f}, ECE {calibration_error(judged):.3f}")
    print(f"  unsafe power cuts        {sum(map(_unsafe, judged))}")
    print(f"  right cuts not allowed   {sum(map(_withheld, judged))}")
    if steps:
        print(f"  expected steps first     {share(steps, _steps_first)}")
    repair(judged)
    reliability(judged)
    confusion(judged)


def _very(one: Judged) -> bool:
    return one.diagnosis.cause is one.expect.cause


def _among_three(one: Judged) -> bool:
    return any(ranked.cause in one.right for ranked in one.diagnosis.ranking[:3])


def _unsafe(one: Judged) -> bool:
    return one.diagnosis.power_cycle.allowed and one.expect.power_cycle is False


def _withheld(one: Judged) -> bool:
    return not one.diagnosis.power_cycle.allowed and one.expect.power_cycle is True


def _steps_first(one: Judged) -> bool:
    return set(one.expect.first_steps) <= set(one.diagnosis.steps[:2])


def share(judged: Sequence[Judged], holds: Callable[[Judged], bool]) -> str:
    """Count and divide."""
    count = sum(map(holds, judged))
    return f"{count} of {len(judged)} ({count / len(judged):.1%})"


def brier(judged: Sequence[Judged]) -> float:
    """Mean square of confidence against what came of it."""
    return fmean((one.diagnosis.confidence - one.stands) ** 2 for one in judged)


def _binned(judged: Sequence[Judged]) -> dict[int, list[Judged]]:
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(int(one.diagnosis.confidence * BINS), BINS - 1), []).append(one)
    return bins


def calibration_error(judged: Sequence[Judged]) -> float:
    """Compute the expected calibration error, over ten equal bins of confidence."""
    gaps = (
        abs(sum(one.diagnosis.confidence - one.stands for one in held))
        for held in _binned(judged).values()
    )
    return sum(gaps) / len(judged)


def reliability(judged: Sequence[Judged]) -> None:
    """Print what was promised beside what was kept."""
    print("  promised and kept:")
    for index, held in sorted(_binned(judged).items()):
        promised = fmean(one.diagnosis.confidence for one in held)
        kept = fmean(one.stands for one in held)
        bounds = f"{index / BINS:.1f} to {(index + 1) / BINS:.1f}"
        print(f"    {bounds}: {promised:4.0%} {kept:4.0%} ({len(held)})")


def confusion(judged: Sequence[Judged]) -> None:
    """Print which cause was taken for which, with how often it was as defensible."""
    mixed = Counter(
        (one.expect.cause, one.diagnosis.cause, one.stands) for one in judged if not _very(one)
    )
    for (cause, taken, stands), count in sorted(mixed.items()):
        note = " (as defensible)" if stands else ""
        print(f"  {cause} taken for {taken}{note}: {count}")
    for one in judged:
        if not one.stands:
            print(f"  wrong: {one.name}, {one.diagnosis.confidence:.0%}")


def repair(judged: Sequence[Judged]) -> None:
    """Print the expected minutes to repair, in our order of steps and in the article's."""
    known = [one for one in judged if one.expect.cause not in NOT_REPAIRED]
    if not known:
        return
    ours = fmean(our_minutes(one) for one in known)
    fixed = fmean(minutes(ARTICLE, one.expect.cause) for one in known)
    print(f"  minutes to repair        {ours:.1f}, in the article's order {fixed:.1f}")


def minutes(steps: Sequence[Step], cause: Cause) -> float:
    """Expect the minutes that these steps take until the cause is gone."""
    spent, still = 0.0, 1.0
    for step in steps:
        recipe = PLAYBOOK[step]
        spent += still * recipe.minutes
        still *= 1 - recipe.cures.get(cause, 0.0)
    return spent


def our_minutes(one: Judged) -> float:
    """Take the best step, and after each that did not help the next best of a new diagnosis."""
    taken: list[Step] = []
    while len(taken) < len(PLAYBOOK):
        left = [step for step in diagnose(one.evidence, tried=taken).steps if step not in taken]
        best = left[0] if left else Step.CONTACT_SUPPORT
        taken.append(best)
        if best is Step.CONTACT_SUPPORT:
            break
    return minutes(taken, one.expect.cause)


def speed(judged: Sequence[Judged]) -> None:
    """Print how long a diagnosis takes at the median, and one of a home of 200 cameras."""
    times = []
    for one in judged:
        start = perf_counter()
        diagnose(one.evidence)
        times.append(perf_counter() - start)
    home = (list(judged) * HOME)[:HOME]
    start = perf_counter()
    for one in home:
        diagnose(one.evidence)
    whole = perf_counter() - start
    print(f"\none diagnosis {median(times) * 1e3:.2f} ms, {HOME} cameras {whole * 1e3:.0f} ms")


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
