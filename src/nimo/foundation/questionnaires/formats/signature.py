"""The mark a workbook carries: which version it asks and whom, and that nobody changed that."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping


def sign(key: str, said: Mapping[str, str]) -> str:
    """HMAC-SHA256 over the fields in one spelling, under a key of its own made from the installation's."""
    derived = hmac.digest(key.encode(), b"nimo.questionnaires.workbook", "sha256")
    text = json.dumps(dict(said), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()


def is_signed(key: str, said: Mapping[str, str], signature: str) -> bool:
    """Whether exactly these fields were signed here."""
    return hmac.compare_digest(sign(key, said), signature)
