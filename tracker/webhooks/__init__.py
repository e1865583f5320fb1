"""Webhooks for developers: where happenings of a site are posted, which, and how that went."""
