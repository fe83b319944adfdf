"""Channels as exports write them, and what rules call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.notes import notes
from pipeline.errors import ProjectError
from pipeline.warehouse import Warehouse

from .conftest import FIVE, Build, toml
from .drawing import examples

pytestmark = pytest.mark.tables("events", "channel_rules", "touchpoint_rules", "similar_names")

HEADER = ("who", "at", "what", "way", "medium", "campaign")
COLUMNS = (
    'user_id = "who"\noccurred_at = "at"\nevent = "what"\nchannel = "way"\ncampaign = "campaign"'
)
Rules = Sequence[tuple[str, Mapping[str, Sequence[str]]]]


def rules(listed: Rules, section: str = "channel") -> str:
    """Rules as the project file has them."""
    text = ""
    for name, when in listed:
        told = ", ".join(
            f"{column} = [{', '.join(repr(one) for one in globs)}]"
            for column, globs in when.items()
        )
        text += f'\n[[{section}]]\nname = "{name}"\nwhen = {{ {told} }}\n'
    return text


def project(listed: Rules, more: str = "") -> str:
    kept = 'keep = ["medium"]\ndedupe = "none"'
    return toml(columns=COLUMNS, source_extra=kept) + rules(listed) + more


def log(ways: Sequence[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """A customer who is aware of something, by one way after another."""
    return [
        ("ann", f"2026-01-01T{place // 60:02}:{place % 60:02}:00Z", FIVE[0], *way)
        for place, way in enumerate(ways)
    ]


def channels(built: Warehouse) -> list[str]:
    return [name for (name,) in built.rows("select channel from events order by position")]


def test_the_first_rule_that_matches_names_the_channel_and_else_it_keeps_its_own(
    build: Build,
) -> None:
    ways = [("google", "cpc", ""), ("Google ", "organic", ""), ("mail", "", ""), ("", "", "")]
    listed: Rules = [
        ("Paid search", {"channel": ["google*"], "medium": ["*cp*", "ppc"]}),
        ("Search", {"channel": ["google*", "Google*"]}),
        ("Nothing", {"channel": ["bing"]}),
        ("Late", {"medium": ["cpc"]}),
    ]
    built = build(log(ways), project(listed), header=HEADER)
    assert channels(built) == ["Paid search", "Search", "mail", "(no channel)"]
    assert built.rows("select distinct matching_rules from event_signatures") == [(1,)]
    assert built.rows("from channel_rules") == [
        (1, "Paid search", 1, "fires"),
        (2, "Search", 1, "fires"),
        (3, "Nothing", 0, "never fires"),
        (4, "Late", 0, "shadowed"),
    ]


def test_an_event_without_a_channel_may_be_given_one(build: Build) -> None:
    listed: Rules = [("Direct", {"channel": [""], "medium": ["", "(none)"]})]
    built = build(log([("", "", ""), ("", "x", "")]), project(listed), header=HEADER)
    assert channels(built) == ["Direct", "(no channel)"]


def test_rules_may_give_one_name_and_names_of_the_export_may_join_them(build: Build) -> None:
    listed: Rules = [("ads", {"channel": ["bing"]}), ("ads", {"channel": ["google"]})]
    ways = [("bing", "", ""), ("google", "", ""), ("ads", "", "")]
    built = build(log(ways), project(listed), header=HEADER)
    assert channels(built) == ["ads", "ads", "ads"]
    assert built.scalar("select count(*) from channels") == 1


def test_a_name_that_could_be_taken_for_a_node_is_marked(build: Build) -> None:
    listed: Rules = [("(exit)", {"channel": ["bing"]})]
    built = build(log([("bing", "", "")]), project(listed), header=HEADER)
    assert channels(built) == ["(exit) [channel]"]


def test_touchpoint_rules_see_the_channel_of_the_export(build: Build) -> None:
    seen = [("Ad", {"channel": ["google"]}), ("Never", {"channel": ["Search"]})]
    text = project([("Search", {"channel": ["google"]})], rules(seen, "touchpoint"))
    rows = [("ann", "2026-01-01", "click", "google", "", "")]
    built = build(rows, text, header=HEADER)
    assert built.rows("select touchpoint, channel from events") == [("Ad", "Search")]
    told = "select touchpoint, status from touchpoint_rules where touchpoint in ('Ad', 'Never')"
    assert built.rows(told) == [("Ad", "fires"), ("Never", "never fires")]


def test_names_that_were_written_alike_are_no_finding_once_a_rule_makes_them_one(
    build: Build,
) -> None:
    ways = [("Google", "", ""), ("google", "", ""), ("google", "", "")]
    asked = "select name, like_name from similar_names"
    assert build(log(ways), project([]), header=HEADER).rows(asked) == [("Google", "google")]
    listed: Rules = [("Search", {"channel": ["Google", "google"]})]
    assert build(log(ways), project(listed), header=HEADER).rows(asked) == []


@pytest.mark.tables("channel_rules", "touchpoint_rules")
def test_channel_rules_that_do_nothing_are_told(build: Build) -> None:
    listed: Rules = [("Nothing", {"channel": ["bing"]}), ("All", {"channel": ["*"]})]
    listed = [*listed, ("Late", {"channel": ["google"]})]
    built = build(log([("google", "", "")]), project(listed), header=HEADER)
    said = " ".join(notes(built))
    assert "never fire: " in said and "'Nothing'" in said
    assert "earlier ones leave nothing to: 'Late'" in said


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("medium =", "midium =", "[[channel]] 'Paid' when: 'midium' is no column that rules can"),
        ('name = "Paid"\n', "", "[[channel]] no. 1 name: this is missing; add it"),
        ("when =", "wen =", "[[channel]] 'Paid' wen: there is no such key; did you mean 'when'"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(build: Build, old: str, new: str, told: str) -> None:
    text = project([("Paid", {"medium": ["cpc"]})])
    assert old in text
    with pytest.raises(ProjectError) as raised:
        build(log([("", "", "")]), text.replace(old, new), header=HEADER)
    assert told in str(raised.value)


PAID = ("*cp*", "ppc", "retargeting", "paid*")
SEARCH, SOCIAL, VIDEO = ("google", "bing"), ("facebook",), ("youtube.com",)
GROUPS: Rules = [
    ("Direct", {"channel": ["(direct)"], "medium": ["(none)", "(not set)"]}),
    ("Cross-network", {"campaign": ["*cross-network*"]}),
    ("Paid Shopping", {"channel": ["Google Shopping"], "medium": PAID}),
    ("Paid Shopping", {"campaign": ["*shopping*"], "medium": PAID}),
    ("Paid Search", {"channel": SEARCH, "medium": PAID}),
    ("Paid Social", {"channel": SOCIAL, "medium": PAID}),
    ("Paid Video", {"channel": VIDEO, "medium": PAID}),
    ("Display", {"medium": ["display", "banner", "expandable", "interstitial", "cpm"]}),
    ("Paid Other", {"medium": PAID}),
    ("Organic Shopping", {"channel": ["Google Shopping"]}),
    ("Organic Shopping", {"campaign": ["*shopping*"]}),
    ("Organic Social", {"channel": SOCIAL}),
    ("Organic Social", {"medium": ["social", "social-*", "sm"]}),
    ("Organic Video", {"channel": VIDEO}),
    ("Organic Video", {"medium": ["*video*"]}),
    ("Organic Search", {"channel": SEARCH}),
    ("Organic Search", {"medium": ["organic"]}),
    ("Referral", {"medium": ["referral", "app", "link"]}),
    ("Email", {"channel": ["email", "e-mail", "e mail"]}),
    ("Email", {"medium": ["email", "e-mail", "e mail"]}),
    ("Affiliates", {"medium": ["affiliate*"]}),
    ("Audio", {"medium": ["audio"]}),
    ("SMS", {"channel": ["sms"]}),
    ("SMS", {"medium": ["sms"]}),
    ("Mobile Push Notifications", {"medium": ["*push", "*mobile*", "*notification*"]}),
    ("Mobile Push Notifications", {"channel": ["firebase"]}),
    ("Unassigned", {"channel": ["*"]}),
]
PUBLISHED = """\
(direct)|(none)||Direct
(direct)|(not set)||Direct
some-source|some-medium|some-cross-network-campaign|Cross-network
some-source|some-medium|cross-network|Cross-network
some-source|retargeting|shopping|Paid Shopping
google|ppc||Paid Search
facebook|retargeting||Paid Social
youtube.com|paid-something||Paid Video
youtube.com|display||Display
some-source|cpc||Paid Other
Google Shopping|||Organic Shopping
some-source||some-shopping-campaign|Organic Shopping
facebook|||Organic Social
some-source|social||Organic Social
youtube.com|||Organic Video
some-source|video||Organic Video
bing|||Organic Search
some-source|organic||Organic Search
some-source|referral||Referral
email|||Email
|e mail||Email
some-source|affiliate||Affiliates
some-source|audio||Audio
sms|||SMS
|sms||SMS
some-source|something-push||Mobile Push Notifications
some-source|mobile-notification||Mobile Push Notifications
firebase|||Mobile Push Notifications
some-source|some-medium|some-campaign|Unassigned
"""
"""Source, medium, campaign and the default channel group that GA4 gives them."""


def test_the_default_channel_groups_of_ga4_can_be_said_in_rules(build: Build) -> None:
    rows = [line.split("|") for line in PUBLISHED.splitlines()]
    ways = [(way, medium, campaign) for way, medium, campaign, _ in rows]
    built = build(log(ways), project(GROUPS), header=HEADER)
    assert channels(built) == [group for *_, group in rows]


GLOBS = st.lists(st.sampled_from(("", "*", "a", "a*", "*b", "?", "a?")), min_size=1, max_size=2)
WHEN = st.dictionaries(st.sampled_from(("channel", "medium", "campaign")), GLOBS, min_size=1)
WAYS = st.tuples(*[st.sampled_from(("", "a", "b", "ab", "aab"))] * 3)


@given(
    listed=st.lists(st.tuples(st.sampled_from("XYZ"), WHEN), max_size=4),
    ways=st.lists(WAYS, min_size=1, max_size=12),
)
@examples(10)
def test_on_drawn_rules_channels_are_those_of_a_plain_second_computation(
    build: Build, listed: Rules, ways: list[tuple[str, str, str]]
) -> None:
    def named(way: tuple[str, str, str]) -> str:
        told = dict(zip(("channel", "medium", "campaign"), way, strict=True))
        for name, when in listed:
            if all(
                any(fnmatchcase(told[column], glob) for glob in globs)
                for column, globs in when.items()
            ):
                return name
        return way[0] or "(no channel)"

    built = build(log(ways), project(listed), header=HEADER)
    assert channels(built) == [named(way) for way in ways]
