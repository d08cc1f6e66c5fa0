"""Signed messages, by the conventions of Standard Webhooks: receivers check them with libraries that there are."""

import base64
import hashlib
import hmac

from .making import PREFIX


def signed_headers(message_id: str, timestamp: int, body: bytes, secret: str) -> dict[str, str]:
    """The headers by which a receiver tells that a message is ours, whole, and not an old one sent again."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
