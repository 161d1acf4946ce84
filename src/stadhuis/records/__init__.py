"""What is kept: one row per aggregate (case, loose document, thread, meeting, decision) with its owner, retention and guard.

Owns the spine and the search text beside it; search, holds and destruction are questions to this room instead of features per
room. Leaves the content to the room that owns the object.
"""
