"""The key of the pseudonyms: a secret of the environment, of which the warehouse holds none."""

from __future__ import annotations

import hashlib
import hmac
import os

from .errors import ProjectError

LEAST = 16
"""So many characters a secret must have."""


def pseudonym_key(name: str | None) -> str:
    """Return what pseudonyms are made with; `name` is the variable that holds the secret.

    It is '' where the project file names none, else derived from the secret one way only, so that
    who holds the warehouse does not hold the secret. Raises ProjectError where the environment has
    none, or a short one.
    """
    if name is None:
        return ""
    secret = os.environ.get(name, "")
    if len(secret) < LEAST:
        told = f"has fewer than {LEAST} characters" if secret else "is not set"
        raise ProjectError(
            f"privacy.key_from: the environment variable {name} {told}; set it to the secret that "
            "pseudonyms are made with, always the same one, or leave key_from out"
        )
    return hmac.new(secret.encode(), b"pseudonyms", hashlib.sha256).hexdigest()
