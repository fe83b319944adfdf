"""Names that are too long for their place: cut so that they stay different."""

from __future__ import annotations

from collections.abc import Iterable

from .palette import cut


def shortened(names: Iterable[object], limit: int) -> dict[str, str]:
    """Return each name at most `limit` letters long; of those cut alike, what tells them apart.

    >>> list(shortened(["The stage number 1", "The stage number 2", "Other"], 12).values())
    ['The…1', 'The…2', 'Other']
    """
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(map(str, names)):
        alike.setdefault(cut(name, limit), []).append(name)
    found: dict[str, str] = {}
    for text, some in alike.items():
        found |= {some[0]: text} if len(some) == 1 else _apart(some, limit)
    return found


def _apart(names: list[str], limit: int) -> dict[str, str]:
    """Return names that begin alike by their first letters and the word in which they part."""
    same = 0
    while same < min(map(len, names)) and len({name[same] for name in names}) == 1:
        same += 1
    word = same
    while word > 0 and same - word < 8 and names[0][word - 1].isalnum():
        word -= 1
    same = word if same - word < 8 else same
    head = cut(names[0][:same], 1000)[: max(limit // 3 - 1, 1)].rstrip()
    told = {name: f"{head}…{cut(name[same:], limit - len(head) - 1)}" for name in names}
    for text in dict.fromkeys(told.values()):
        still = [name for name in names if told[name] == text]
        if 1 < len(still) < len(names):
            told |= _apart(still, limit)
    return told
