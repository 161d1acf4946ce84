"""Notificaties: tells other systems that something changed, at least once and in order per object.

Owns channels, subscriptions, the outbox and its deliveries. Knows nothing of what changed beyond its address; leaves the
HTTP face (the Notificaties API) to itself when 'The national registers' builds it.
"""
