"""From signs to a probability for each cause."""

from math import exp, log
from typing import TYPE_CHECKING, Final

from .causes import Cause
from .clues import EXCLUDED, PRIORS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .sign import Sign

# What is said is the chance that the first answer stands: that it is the cause, or as good an
# answer as an expert has with no more to go by (a wrong password and third-party access off look
# the same to the letter). That happens more often than being the very cause: on the cases of the
# first run the odds were some five times as high, nearly the same at all levels. Fitted there by
# logistic regression, and drawn in towards less, for cases unseen are harder.
_SLOPE: Final = 0.9
_LIFT: Final = 1.9
_PRIORS: Final = {cause: log(share) for cause, share in PRIORS.items()}

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
