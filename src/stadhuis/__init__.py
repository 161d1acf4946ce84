"""Stadhuis: the digital town hall of a Dutch municipality in one system.

Every folder below is a room: a Django app with the same file names, entered by its ``public.py``.
The rooms and who may import whom stand in ``docs/architecture.md``.
"""
