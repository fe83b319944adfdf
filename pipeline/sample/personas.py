"""Who the sample's customers are: four personas, each with its own walk and its own habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .chain import Chain, Choices, Gaps

# Stages of the sample's acquisition; the fifth stage, Loyalty, comes after the goal.
AWARENESS, INTEREST, CONSIDERATION, PURCHASE, LOYALTY = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Persona:
    """A kind of customer: how many, how they walk, what they touch and how they are recognised.

    `tastes` multiply the base weights of touchpoints. `login` is the chance to log in at a visit
    of somebody who has an account, `loyal` and `repeat` the chances of what follows an order.
    """

    name: str
    share: float
    chain: Chain
    tastes: Mapping[str, float]
    account: float
    login: float
    loyal: float
    repeat: float
    basket: float


_GAPS = Gaps(stay=0.6, forward=2.2, skip=1.6, back=1.1)

PERSONAS = (
    Persona(
        name="Explorer",
        share=0.30,
        chain=Chain(
            (
                Choices(stay=0.34, forward=0.37, skip=0.05, abandon=0.24),
                Choices(stay=0.29, forward=0.30, skip=0.03, abandon=0.18, back=0.20),
                Choices(stay=0.22, forward=0.26, skip=0.00, abandon=0.22, back=0.30),
            ),
            _GAPS,
        ),
        tastes={"social_ad": 2.0, "category": 1.6, "search_ad": 0.7, "compare": 1.4},
        account=0.55,
        login=0.45,
        loyal=0.30,
        repeat=0.30,
        basket=21.0,
    ),
    Persona(
        name="Bargain hunter",
        share=0.28,
        chain=Chain(
            (
                Choices(stay=0.25, forward=0.42, skip=0.07, abandon=0.26),
                Choices(stay=0.24, forward=0.35, skip=0.04, abandon=0.19, back=0.18),
                Choices(stay=0.20, forward=0.36, skip=0.00, abandon=0.19, back=0.25),
            ),
            _GAPS,
        ).scaled(0.9),
        tastes={"search_ad": 1.6, "newsletter_click": 2.2, "cart_mail_click": 2.0, "blog": 0.4},
        account=0.65,
        login=0.50,
        loyal=0.25,
        repeat=0.45,
        basket=15.0,
    ),
    Persona(
        name="Researcher",
        share=0.24,
        chain=Chain(
            (
                Choices(stay=0.40, forward=0.38, skip=0.03, abandon=0.19),
                Choices(stay=0.36, forward=0.31, skip=0.02, abandon=0.15, back=0.16),
                Choices(stay=0.33, forward=0.25, skip=0.00, abandon=0.15, back=0.27),
            ),
            _GAPS,
        ).scaled(1.3),
        tastes={"blog": 2.5, "reviews": 2.5, "compare": 2.5, "social_ad": 0.4, "cart": 0.6},
        account=0.50,
        login=0.40,
        loyal=0.35,
        repeat=0.25,
        basket=33.0,
    ),
    Persona(
        name="Decided buyer",
        share=0.18,
        chain=Chain(
            (
                Choices(stay=0.14, forward=0.49, skip=0.16, abandon=0.21),
                Choices(stay=0.14, forward=0.48, skip=0.09, abandon=0.17, back=0.12),
                Choices(stay=0.12, forward=0.56, skip=0.00, abandon=0.18, back=0.14),
            ),
            _GAPS,
        ).scaled(0.7),
        tastes={"search_ad": 1.5, "product": 1.6, "cart": 1.6, "blog": 0.5},
        account=0.75,
        login=0.60,
        loyal=0.55,
        repeat=0.55,
        basket=27.0,
    ),
)
