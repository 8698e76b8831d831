"""From signs to a probability for each cause."""

from math import exp, log
from typing import TYPE_CHECKING, Final

from .causes import Cause
from .clues import EXCLUDED, PRIORS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .sign import Sign

# Signs are not as independent as adding them up assumes, so the sum is too sure of itself:
# divided by this it keeps its promises (see `scripts/evaluate`, calibration).
TEMPERATURE: Final = 1.0
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
    odds = {cause: exp((value - top) / TEMPERATURE) for cause, value in scores.items()}
    whole = sum(odds.values())
    return {cause: value / whole for cause, value in odds.items()}
