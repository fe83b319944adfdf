"""CRM activities and help-desk events as CSV, under the names that such exports commonly have."""

from __future__ import annotations

from .description import Known

_TIMES = ("occurred_at", "created_at", "Created At", "Created at", "Created Date", "CreatedDate")
_EMAILS = ("email", "Email", "contact_email", "Contact Email", "customer_email")

CRM = Known(
    name="crm",
    columns={
        "occurred_at": (
            *("activity_date", "Activity Date", "ActivityDate", "activity_at"),
            *(*_TIMES, "timestamp", "date", "Date"),
        ),
        "event": (
            *("activity_type", "Activity Type", "event", "Event", "event_type"),
            *("type", "Type", "TaskSubtype", "action"),
        ),
        "event_id": ("activity_id", "Activity ID", "event_id", "Id", "id", "ID"),
        "crm_id": (
            *("contact_id", "Contact ID", "ContactId", "WhoId", "customer_id", "Customer ID"),
            *("lead_id", "Lead ID", "LeadId"),
        ),
        "email": _EMAILS,
        "phone": ("phone", "Phone", "mobile", "Mobile"),
        "channel": ("channel", "Channel", "source", "Lead Source", "LeadSource"),
        "campaign": ("campaign", "Campaign", "campaign_name", "Campaign Name"),
        "direction": ("direction", "Direction", "CallType", "Call Type"),
        "actor": ("actor", "Actor"),
        "country": ("country", "Country"),
        "value": ("amount", "Amount", "value", "Value", "deal_value"),
        "currency": ("currency", "Currency", "CurrencyIsoCode"),
        "order_id": ("deal_id", "Deal ID", "opportunity_id", "OpportunityId", "order_id"),
    },
    files="csv",
    timezone=None,
    about="activities of contacts in a CRM (CSV)",
    time="the first of `activity_date`, `created_at`, `timestamp`, `date`, … that is there",
    strong="`contact_id`, `customer_id` or `lead_id`; `email`; `phone`",
    weak="none",
    repeats="`activity_id`, `event_id` or `id`, else the whole record",
)

HELPDESK = Known(
    name="helpdesk",
    columns={
        "occurred_at": (
            *("event_at", "updated_at", "Updated At", "Updated at"),
            *(*_TIMES, "timestamp", "date", "Date"),
        ),
        "event": (
            *("event", "Event", "event_type", "Event Type", "action", "Action"),
            *("status", "Status", "ticket_status", "Ticket Status"),
        ),
        "event_id": ("event_id", "Event ID", "audit_id", "comment_id"),
        "crm_id": (
            *("requester_id", "Requester ID", "Requester id", "customer_id", "Customer ID"),
            *("contact_id", "Contact ID"),
        ),
        "email": ("requester_email", "Requester Email", "Requester email", *_EMAILS),
        "phone": ("phone", "Phone", "requester_phone", "Requester Phone"),
        "session_key": ("ticket_id", "Ticket ID", "Ticket Id", "conversation_id", "case_id"),
        "channel": ("channel", "Channel", "via", "Via", "via_channel"),
        "direction": ("direction", "Direction"),
        "actor": ("actor", "Actor", "author_role", "Author Role"),
        "country": ("country", "Country"),
        "score": ("score", "csat", "CSAT", "rating", "Rating", "satisfaction_score"),
    },
    files="csv",
    timezone=None,
    about="events of tickets in a help desk (CSV)",
    time="the first of `event_at`, `updated_at`, `created_at`, `timestamp`, … that is there",
    strong="`requester_id`, `customer_id` or `contact_id`; `email`; `phone`",
    weak="none",
    repeats="`event_id` or `audit_id`, else the whole record",
)
