"""What a customer can touch: the sample's catalogue, by stage, system and taste."""

from __future__ import annotations

from dataclasses import dataclass

from .personas import AWARENESS, CONSIDERATION, INTEREST, LOYALTY, PURCHASE


@dataclass(frozen=True)
class Touchpoint:
    """One touchpoint: the system that records it, the event it writes there, its page or campaign.

    `weight` is the base chance within its stage; 0 for what only follows something else.
    """

    key: str
    system: str
    stage: int
    weight: float
    event: str
    place: str = ""
    network: str = ""


_ALL = (
    Touchpoint("search_ad", "ads", AWARENESS, 3.0, "ad_click", "brand-search", "google"),
    Touchpoint("search_ad_bing", "ads", AWARENESS, 0.5, "ad_click", "brand-search", "bing"),
    Touchpoint("social_ad", "ads", AWARENESS, 2.0, "ad_click", "spring-look", "instagram"),
    Touchpoint("social_ad_tiktok", "ads", AWARENESS, 0.9, "ad_click", "spring-look", "tiktok"),
    Touchpoint("blog", "web", AWARENESS, 1.6, "view_article", "/blog/"),
    Touchpoint("home", "web", AWARENESS, 1.5, "view_home", "/"),
    Touchpoint("category", "web", INTEREST, 2.0, "view_category", "/c/"),
    Touchpoint("product", "web", INTEREST, 3.0, "view_product", "/p/"),
    Touchpoint("site_search", "web", INTEREST, 1.0, "site_search", "/search"),
    Touchpoint("newsletter_signup", "web", INTEREST, 0.5, "newsletter_signup", "/newsletter"),
    Touchpoint("newsletter_click", "email", INTEREST, 0.9, "click", "newsletter"),
    Touchpoint("cart", "web", CONSIDERATION, 3.0, "add_to_cart", "/cart"),
    Touchpoint("compare", "web", CONSIDERATION, 1.1, "view_compare", "/compare"),
    Touchpoint("reviews", "web", CONSIDERATION, 1.3, "read_reviews", "/p/reviews"),
    Touchpoint("checkout", "web", CONSIDERATION, 1.0, "begin_checkout", "/checkout"),
    Touchpoint("cart_mail_click", "email", CONSIDERATION, 0.8, "click", "cart-reminder"),
    Touchpoint("order", "shop", PURCHASE, 1.0, "paid"),
    Touchpoint("review_written", "web", LOYALTY, 1.5, "submit_review", "/account/reviews"),
    Touchpoint("referral", "web", LOYALTY, 0.7, "share_referral", "/account/friends"),
    Touchpoint("club_page", "web", LOYALTY, 1.2, "view_club", "/account/club"),
    Touchpoint("club_click", "email", LOYALTY, 1.4, "click", "club"),
    # Off the axis of stages: they happen beside the walk.
    Touchpoint("login", "web", 0, 0.0, "login", "/account/login"),
    Touchpoint("mail_sent", "email", 0, 0.0, "sent"),
    Touchpoint("mail_open", "email", 0, 0.0, "open"),
    Touchpoint("refund", "shop", 0, 0.0, "refunded"),
    Touchpoint("ticket_opened", "support", 0, 0.0, "opened"),
    Touchpoint("ticket_solved", "support", 0, 0.0, "solved"),
    Touchpoint("nps", "survey", 0, 0.0, "nps"),
)
TOUCHPOINTS = {touchpoint.key: touchpoint for touchpoint in _ALL}
BY_STAGE = {
    stage: tuple(t for t in _ALL if t.stage == stage and t.weight)
    for stage in range(1, LOYALTY + 1)
}

# What is looked at in the minutes after a touchpoint: always of the same stage, so that the walk
# over the stages, and with it the truth, stays as drawn.
FOLLOW_UPS = {
    AWARENESS: ("home", "home", "blog"),
    INTEREST: ("product", "product", "category", "site_search"),
    CONSIDERATION: ("cart", "reviews", "compare", "cart"),
    LOYALTY: ("club_page",),
}

# A touchpoint that needs a known e-mail address falls back to its like on the web.
WITHOUT_MAIL = {
    "newsletter_click": "product",
    "cart_mail_click": "cart",
    "club_click": "club_page",
}
