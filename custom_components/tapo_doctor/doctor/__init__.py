"""The mind of the doctor: evidence in, diagnosis out.

Standard library only. No clock, no input or output, no Home Assistant: time and texts are
parameters, so every judgement can be replayed from a file.
"""

from .case import FORMAT, Case, CaseError, Expect, read_case, write_diagnosis, write_evidence
from .causes import GROUPS, Cause, Group
from .diagnosis import Certainty, Diagnosis, Ranked, Reason, diagnose
from .evidence import Evidence
from .lengths import in_units, length_in
from .playbook import PLAYBOOK, Step, Who
from .questions import Asked, Question, QuestionKey
from .safety import Objection, PowerCycleAdvice

__all__ = [
    "FORMAT",
    "GROUPS",
    "PLAYBOOK",
    "Asked",
    "Case",
    "CaseError",
    "Cause",
    "Certainty",
    "Diagnosis",
    "Evidence",
    "Expect",
    "Group",
    "Objection",
    "PowerCycleAdvice",
    "Question",
    "QuestionKey",
    "Ranked",
    "Reason",
    "Step",
    "Who",
    "diagnose",
    "in_units",
    "length_in",
    "read_case",
    "write_diagnosis",
    "write_evidence",
]
