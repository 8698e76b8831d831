"""Says what the mind makes of case files: for machines a line each, for people a page."""

import argparse
import json
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from _mind import UnreadableError, end_with_the_reader, read_files, words
from doctor import Asked, diagnose, in_units, length_in, write_diagnosis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doctor import Case, Diagnosis, Reason

BAR = 24
SHOWN = 5


def main() -> int:
    """Go through the files; one that cannot be read does not stop the others."""
    parser = argparse.ArgumentParser(prog="scripts/diagnose", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("files", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    # A title may hold half a character; that must not stop the other files.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    status = 0
    for path in arguments.files:
        try:
            cases = read_files(path)
        except UnreadableError as error:
            print(f"{path}: {error}", file=sys.stderr)
            status = 2
            continue
        for file, case in cases.items():
            diagnosis = diagnose(case.evidence)
            if arguments.json:
                print(json.dumps({"file": file, **write_diagnosis(diagnosis)}), flush=True)
            else:
                show(file, case, diagnosis)
    return status


def show(file: str, case: Case, diagnosis: Diagnosis) -> None:
    """Print a page for people."""
    told = defaultdict(dict, words())
    print(f"\n{file}")
    if case.title:
        print(f"  {case.title}")
    cause = told["cause"].get(diagnosis.cause, diagnosis.cause)
    certainty = told["certainty"].get(diagnosis.certainty, diagnosis.certainty)
    print(f"\n  {cause} ({certainty.lower()}, {diagnosis.confidence:.0%})\n")
    for ranked in diagnosis.ranking[:SHOWN]:
        bar = "█" * round(BAR * ranked.probability)
        print(f"    {ranked.cause:26} {bar:{BAR}} {ranked.probability:6.1%}")
    print("\n  Reasons")
    for reason in diagnosis.reasons:
        if reason.cause == diagnosis.cause or abs(reason.weight) >= 1:
            text = told["sign"].get(reason.sign, reason.sign).format_map(figures(reason, told))
            print(f"    {reason.weight:+5.1f}  {reason.cause}: {text}")
    print("\n  Steps")
    for number, step in enumerate(diagnosis.steps, 1):
        print(f"    {number}. {told['step'].get(step, step)}")
    if diagnosis.next_question:
        question = diagnosis.next_question
        who = "the doctor can look" if question.asked is Asked.DOCTOR else "a person can tell"
        print(f"\n  Next question ({who}): {told['question'].get(question.key, question.key)}")
    reason = diagnosis.power_cycle.reason
    reason = told["cause"].get(reason) or told["objection"].get(reason, reason)
    verdict = "right" if diagnosis.power_cycle.allowed else "not right"
    print(f"\n  Cutting the power: {verdict} ({reason})")


def figures(reason: Reason, told: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return what fills the gaps in the words for a reason."""
    if (seconds := length_in(reason.values)) is None:
        return dict(reason.values)
    key, units = in_units(seconds)
    return {**reason.values, "length": told["length"].get(key, key).format_map(units)}


if __name__ == "__main__":
    end_with_the_reader()
    sys.exit(main())
