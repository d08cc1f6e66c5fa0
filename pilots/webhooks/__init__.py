"""Telling other systems of changes as they happen: signed, in order, at least once, and never in anybody's way.

make_webhook(url, events, person)   its secret is shown this once
due_webhooks()                      those that have something to be told now
tell_webhook(webhook_id)            sends it, and keeps how that went
"""

from .delivering import EVERY, due_webhooks, tell_webhook
from .making import BadTarget, make_webhook

__all__ = ["EVERY", "BadTarget", "due_webhooks", "make_webhook", "tell_webhook"]
