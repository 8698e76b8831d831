"""From signs to a probability for each cause."""

from math import exp, log
from typing import TYPE_CHECKING, Final

from .causes import Cause
from .clues import EXCLUDED, PRIORS, WEIGHTS
from .evidence import RemedyKind
from .sign import Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What is said is the chance that the first answer stands: that it is the cause, or as good an
# answer as an expert has with no more to go by (a wrong password and third-party access off look
# the same to the letter). That happens more often than being the very cause: on the cases of the
# first run the odds were some five times as high, nearly the same at all levels. Fitted there by
# logistic regression, and drawn in towards less, for cases unseen are harder.
_SLOPE: Final = 0.9
_LIFT: Final = 1.9
_PRIORS: Final = {cause: log(share) for cause, share in PRIORS.items()}
# Nobody complains at a routine look: one a minute, at a camera that answers. A camera that is in
# trouble for an hour a day, without its owner saying a word, would be much; so at least nineteen
# looks of twenty find all well, where of the troubles that people bring six in a hundred are none.
_WELL: Final = 0.9
_ROUTINE: Final = log(_WELL / (1 - _WELL)) - log(
    PRIORS[Cause.HEALTHY] / sum(share for cause, share in PRIORS.items() if cause != Cause.HEALTHY)
)
# A sign that weighs as much against health is a complaint, even if it is the camera's own.
_COMPLAINT: Final = -1.0
# What was tried tells of a trouble that was; nobody has complained again since.
_BYGONE: Final = frozenset(
    Sign[f"{kind.name}_{end}"] for kind in RemedyKind for end in ("HELPED", "FAILED")
)

type Scores = Mapping[Cause, float]
type Beliefs = Mapping[Cause, float]


def score(signs: Iterable[Sign]) -> dict[Cause, float]:
    """Add up prior and weights for each cause that is still possible."""
    scores = dict(_PRIORS)
    excluded: set[Cause] = set()
    for sign in signs:
        for cause, weight in WEIGHTS[sign].items():
            scores[cause] += weight
        excluded |= EXCLUDED[sign]
    for cause in excluded:
        del scores[cause]
    return scores


def reassure(scores: Scores, signs: Iterable[Sign]) -> dict[Cause, float]:
    """Take the look for a routine one, unless some sign is a complaint of its own."""
    after = dict(scores)
    found = set(signs)
    against = {sign: WEIGHTS[sign].get(Cause.HEALTHY, 0.0) for sign in found}
    complains = any(against[sign] <= _COMPLAINT for sign in found - _BYGONE)
    if Sign.ANSWERS in found and not complains:
        after[Cause.HEALTHY] += _ROUTINE - sum(against[sign] for sign in found & _BYGONE)
    return after


def believe(scores: Scores) -> dict[Cause, float]:
    """Turn scores into probabilities that sum to one; what is excluded is not among them."""
    top = max(scores.values())
    odds = {cause: exp(value - top) for cause, value in scores.items()}
    whole = sum(odds.values())
    return {cause: value / whole for cause, value in odds.items()}


def pronounce(beliefs: Beliefs) -> dict[Cause, float]:
    """Give the first answer the chance that it stands, and the rest what is left, in its order."""
    first = max(beliefs, key=beliefs.__getitem__)
    rest = sum(value for cause, value in beliefs.items() if cause is not first)
    if not rest:
        return {cause: float(cause is first) for cause in beliefs}
    stands = 1 / (1 + exp(-_SLOPE * log(beliefs[first] / rest) - _LIFT))
    return {
        cause: stands if cause is first else value * (1 - stands) / rest
        for cause, value in beliefs.items()
    }
