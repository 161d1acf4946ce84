"""What happened: the trail of every change, sealed against tampering, and the log of every use of personal data.

Owns the lines, their seals and the processing log. Leaves what a change means to the room that makes it; the audit trails of
the ZGW APIs are views of this one.
"""
