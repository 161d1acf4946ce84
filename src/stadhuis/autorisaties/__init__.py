"""The Autorisaties API (ZGW): the face of the applications and rights that ``access`` keeps, above the catalogue they name.

Owns no tables. ``access`` knows types by their name only; what a right on all versions or on a catalogue comes down to
today is told here, where the catalogue can be read.
"""
