"""Short secrets (the key of an authenticator app) as they lie in a table: AES-256-GCM under a key of SECRET_KEY.

A changed SECRET_KEY makes them unreadable: their owners then set the app up again.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class NotReadable(ValueError):
    """Sealed under another key, or changed."""


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"nimo.accounts.sealed").derive(key.encode()))


def seal(text: str, key: str, purpose: str) -> str:
    """The text sealed for one purpose, as URL-safe base64; opens for the same key and purpose only."""
    nonce = secrets.token_bytes(NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher(key).encrypt(nonce, text.encode(), purpose.encode())).decode()


def unseal(sealed: str, key: str, purpose: str) -> str:
    """Raises NotReadable."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return _cipher(key).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as wrong:
        raise NotReadable("not sealed with this key for this purpose") from wrong
