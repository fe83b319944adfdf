"""The sample's project file, word for word."""

PROJECT = """\
# Linen & Loop, a small online fashion shop: five months of exports from six systems.
# Everything here is generated; `truth.json` says what is true and what was broken on purpose.

name = "linen-and-loop"
timezone = "Europe/Madrid"          # of times that carry none, and of days and weeks in the report
# as_of = "2026-06-01T00:00:00Z"    # left out: the last moment that all required sources reach

# ---- where the touchpoints are recorded ------------------------------------------------------

[[source]]
name = "web"                        # clickstream, one file a month; neighbours overlap
files = "web/clicks-*.csv.gz"
format = "csv"
time_format = "iso"                 # 2026-01-31T18:04:12.250Z
recorded_since = "2025-11-15"       # tracking was there first, the shop opened on 1 January
keep = ["page", "utm_medium"]

[source.columns]                    # ours = theirs
event_id = "event_id"
occurred_at = "ts"
event = "action"
channel = "utm_source"
user_id = "user_id"                 # strong: only where somebody is logged in
email = "email"                     # strong: on log-in, newsletter sign-up and checkout
cookie_id = "cookie"                # weak: a browser, not a person
device = "device"
country = "country"

[[source]]
name = "email"                      # the mailing tool: nested JSON, epoch milliseconds
files = "email/sends.jsonl"
format = "jsonl"
time_format = "epoch_ms"
recorded_since = "2025-11-15"
channel = "email"

[source.columns]
event_id = "id"
occurred_at = "ts"
event = "type"
direction = "direction"
email = "recipient.email"
cookie_id = "context.cookie"
device = "context.device"
campaign = "campaign.name"

[[source]]
name = "ads"                        # the ad platform: semicolons, local time, no event column
files = "ads/clicks.csv"
format = "csv"
delimiter = ";"
timezone = "Europe/Madrid"
time_format = "%d/%m/%Y %H:%M:%S"
recorded_since = "2025-11-15"
event = "ad_click"

[source.columns]
occurred_at = "click_time"
channel = "network"
cookie_id = "cookie"
campaign = "campaign"
device = "device"
cost = "cost_eur"

[[source]]
name = "shop"                       # orders: typed Parquet; a refund is a second row
files = "shop/orders.parquet"
format = "parquet"
recorded_since = "2025-11-15"
channel = "shop"

[source.columns]
occurred_at = "changed_at"
event = "status"
user_id = "customer_ref"
email = "email"
order_id = "order_id"
value = "value"
currency = "currency"

[[source]]
name = "support"                    # help desk: comes twelve days late, so nothing waits for it
files = "support/tickets.tsv"
format = "csv"
delimiter = "\\t"
time_format = "iso"                 # 2026-01-31T19:04:12+01:00
required = false
recorded_since = "2025-11-15"
keep = ["ticket_id", "topic"]

[source.columns]
event_id = "event_id"
occurred_at = "logged_at"
event = "action"
channel = "contact"
email = "requester"
user_id = "customer_ref"
score = "satisfaction"              # 1 to 5, asked when a ticket is solved
sentiment = "mood"                  # what the help desk makes of the words, -1 to 1

[[source]]
name = "survey"                     # "how likely are you to recommend us", 0 to 10
files = "survey/nps.csv"
format = "csv"
time_format = "%Y-%m-%d %H:%M"
required = false
recorded_since = "2025-11-15"
channel = "survey"
event = "nps"
keep = ["comment"]

[source.columns]
event_id = "response_id"
occurred_at = "answered"
email = "email"
score_type = "survey"
score = "score"

# ---- how they are cut and joined ------------------------------------------------------------

[session]
gap = "30 min"
passive = ["E-mail sent"]           # begins no session and keeps none going

[identity]
blocked = ["guest", "undefined"]    # ids that are nobody's, besides the built-in ones
lend_before = "30 d"

# ---- what is asked of the journeys ------------------------------------------------------------

[[map]]
name = "acquisition"                # from the first ad to the order; the next event starts anew
stages = ["Awareness", "Interest", "Consideration", "Purchase"]
goal = "Purchase"
closes = "goal"
silence = "30 d"
within = "30 d"

[[map]]
name = "lifecycle"                  # the whole relation, through orders, until it falls silent
stages = ["Awareness", "Interest", "Consideration", "Purchase", "Loyalty"]
goal = "Loyalty"
closes = "silence"
silence = "45 d"
within = "90 d"

# ---- what tells journeys apart -----------------------------------------------------------------

[[segment]]
name = "first channel"              # the channel that a journey came in by
column = "channel"

[[segment]]
name = "device"                     # the one that most of its events come from
column = "device"
take = "most"

# ---- what counts for which KPI -----------------------------------------------------------------

[kpi]
orders = "Order"
refunds = "Refund"
interactions = ["Blog article", "Site search", "Reviews read", "Comparison"]
attendees = "Club"                  # who came to the club
cancels = "Refund"                  # a shop has no contracts: an order sent back stands for one
support = ["Support ticket", "Complaint"]
complaints = "Complaint"
csat = "Ticket solved"
csat_sends = "Ticket solved"        # whoever had a ticket is asked at once
nps_sends = "Order"                 # ten days after an order the shop asks how it was

# ---- which event is which touchpoint: the first match wins -------------------------------------

[[touchpoint]]
name = "Search ad"
stage = "Awareness"
when = { source = "ads", channel = ["google", "bing"] }

[[touchpoint]]
name = "Social ad"
stage = "Awareness"
when = { source = "ads" }

[[touchpoint]]
name = "Home page"
stage = "Awareness"
when = { event = "view_home" }

[[touchpoint]]
name = "Blog article"
stage = "Awareness"
when = { event = "view_article" }

[[touchpoint]]
name = "Category page"
stage = "Interest"
when = { event = "view_category" }

[[touchpoint]]
name = "Product page"
stage = "Interest"
when = { event = "view_product" }

[[touchpoint]]
name = "Site search"
stage = "Interest"
when = { event = "site_search" }

[[touchpoint]]
name = "Newsletter sign-up"
stage = "Interest"
when = { event = "newsletter_signup" }

[[touchpoint]]
name = "Newsletter click"
stage = "Interest"
when = { source = "email", event = "click", campaign = "newsletter*" }

[[touchpoint]]
name = "Cart"
stage = "Consideration"
when = { event = "add_to_cart" }

[[touchpoint]]
name = "Comparison"
stage = "Consideration"
when = { event = "view_compare" }

[[touchpoint]]
name = "Reviews read"
stage = "Consideration"
when = { event = "read_reviews" }

[[touchpoint]]
name = "Cart reminder click"
stage = "Consideration"
when = { source = "email", event = "click", campaign = "cart-reminder" }

[[touchpoint]]
name = "Checkout"
stage = "Consideration"
when = { event = "begin_checkout" }

[[touchpoint]]
name = "Order"
stage = "Purchase"
when = { source = "shop", event = "paid" }

[[touchpoint]]
name = "Review written"
stage = "Loyalty"
when = { event = "submit_review" }

[[touchpoint]]
name = "Friend invited"
stage = "Loyalty"
when = { event = "share_referral" }

[[touchpoint]]
name = "Club"
stage = "Loyalty"
when = { event = ["view_club", "click"] }

# Beside the walk: seen in graphs, on no stage.

[[touchpoint]]
name = "Log-in"
when = { event = "login" }

[[touchpoint]]
name = "E-mail sent"
when = { source = "email", event = "sent" }

[[touchpoint]]
name = "E-mail opened"
when = { source = "email", event = "open" }

[[touchpoint]]
name = "Refund"
when = { event = "refunded" }

[[touchpoint]]
name = "Ticket solved"
when = { source = "support", event = "solved" }

[[touchpoint]]
name = "Complaint"
when = { source = "support", topic = ["Delivery", "Payment"] }

[[touchpoint]]
name = "Support ticket"
when = { source = "support" }

[[touchpoint]]
name = "Survey answer"
when = { source = "survey" }
"""
