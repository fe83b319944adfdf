"""Small logs whose files nest, and desk exports, of the real shape, written out by hand."""

from __future__ import annotations

MATOMO = [
    {
        "idSite": 1,
        "idVisit": "101",
        "visitorId": "aaaa",
        "userId": "u1",
        "referrerType": "campaign",
        "referrerName": "winter",
        "deviceType": "Desktop",
        "country": "Spain",
        "siteCurrency": "EUR",
        "actionDetails": [
            {
                "type": "action",
                "url": "https://shop.example/",
                "pageTitle": 'A "quoted" {title}',
                "timestamp": 1767607200,
            },
            {"type": "event", "eventCategory": "Video", "timestamp": 1767607200},
            {
                "type": "ecommerceOrder",
                "orderId": "T1",
                "revenue": "39.90",
                "timestamp": 1767607200,
            },
        ],
    },
    {
        "idSite": 1,
        "idVisit": "102",
        "visitorId": "bbbb",
        "userId": None,
        "actionDetails": [],
    },
]

XES = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- <event> in a comment is none -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="default"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="concept:name" value="the log"/>
  <trace>
    <string key="concept:name" value="case &lt;1&gt;"/>
    <string key="segment" value="gold"/>
    <event>
      <string key="concept:name" value="register"><string key="language" value="en"/></string>
      <date key="time:timestamp" value="2026-01-05T10:00:00.000+01:00"/>
      <string key="lifecycle:transition" value="complete"/>
      <string key="org:resource" value="Zoë"/>
      <float key="cost:total" value="12.5"/>
      <list key="items"><values><string key="concept:name" value="inner"/></values></list>
    </event>
    <event>
      <string key="concept:name" value="decide"/>
      <date key="time:timestamp" value="2026-01-05T10:00:00.000+01:00"/>
    </event>
    <event>
      <string key="concept:name" value="decide"/>
      <date key="time:timestamp" value="2026-01-05T10:00:00.000+01:00"/>
    </event>
  </trace>
  <trace>
    <string key="concept:name" value="case 2"/>
    <event>
      <string key="concept:name" value="register"/>
      <date key="time:timestamp" value="2026-01-06T10:00:00Z"/>
    </event>
    <event><string key="concept:name" value="no time"/></event>
  </trace>
</log>
"""

BOMB = """<?xml version="1.0"?>
<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<log><trace><string key="concept:name" value="&b;"/></trace></log>
"""

CRM = """Activity ID,Activity Date,Activity Type,Contact ID,Email,Direction,Amount,Currency
00042,2026-01-05T10:00:00Z,Call,C-1,ANN@example.org,Inbound,,
00043,2026-01-06T10:00:00Z,Deal won,C-1,ann@example.org,Outbound,"1200.00",EUR
00043,2026-01-06T10:00:00Z,Deal won,C-1,ann@example.org,Outbound,"1200.00",EUR
"""

HELPDESK = """event_id,ticket_id,event,created_at,requester_id,requester_email,via,actor,csat
1,T-7,opened,2026-01-05 10:00:00,C-1,ann@example.org,web,customer,
2,T-7,solved,2026-01-05 12:00:00,C-1,ann@example.org,web,agent,
3,T-7,rated,2026-01-05 13:00:00,C-1,ann@example.org,email,customer,5
"""
