"""Many tests at once: which of them stand out when chance alone would let some."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def adjusted(p_values: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Benjamini and Hochberg's adjusted p-values, in the order given; each compares with the share of false alarms.

    Rejecting where the adjusted value is at most q keeps the expected share of false alarms among the rejected at q
    or below (Benjamini and Hochberg 1995). ValueError where a value is no probability.
    """
    given = np.asarray(p_values, np.float64)
    if not np.all((given >= 0) & (given <= 1)):
        message = "A p-value lies between 0 and 1."
        raise ValueError(message)
    order = np.argsort(given, kind="stable")
    scaled = given[order] * len(given) / np.arange(1, len(given) + 1)
    result = np.empty_like(given)
    result[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return result


def stand_out(p_values: Sequence[float] | npt.NDArray[np.float64], share: float) -> npt.NDArray[np.bool_]:
    """Which tests stand out while at most `share` of those that do are false alarms, in expectation."""
    return adjusted(p_values) <= share
