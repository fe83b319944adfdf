"""Statistics on small frames and arrays: intervals, survival with open ends, differences, tests."""

from __future__ import annotations

from .differences import (
    Difference,
    Sums,
    detectable_difference,
    effective_number,
    rate_difference,
    ratio_difference,
    shared_covariance,
)
from .divergence import Divergence, jensen_shannon, permuted_divergence
from .intervals import (
    ENOUGH,
    Estimate,
    newcombe,
    ratio,
    ratio_of_sums,
    score_interval,
    score_number,
    wilson,
)
from .mixture import Decomposition, is_reversed, kitagawa
from .multiple import ALPHA, benjamini_hochberg
from .resampling import BLOCKS, drawn_blocks, incidence_curves, quantile_moments
from .stratified import Strata, e_value, risk_difference, risk_ratio
from .survival import aalen_johansen, incidence_at, kaplan_meier, median_duration

__all__ = [
    "ALPHA",
    "BLOCKS",
    "ENOUGH",
    "Decomposition",
    "Difference",
    "Divergence",
    "Estimate",
    "Strata",
    "Sums",
    "aalen_johansen",
    "benjamini_hochberg",
    "detectable_difference",
    "drawn_blocks",
    "e_value",
    "effective_number",
    "incidence_at",
    "incidence_curves",
    "is_reversed",
    "jensen_shannon",
    "kaplan_meier",
    "kitagawa",
    "median_duration",
    "newcombe",
    "permuted_divergence",
    "quantile_moments",
    "rate_difference",
    "ratio",
    "ratio_difference",
    "ratio_of_sums",
    "risk_difference",
    "risk_ratio",
    "score_interval",
    "score_number",
    "shared_covariance",
    "wilson",
]
