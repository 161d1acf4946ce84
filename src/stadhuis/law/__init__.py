"""Dutch time in law: the calendar of the Algemene termijnenwet, terms, decision clocks and the penalty for late decisions.

Owns pure functions and dated tables. No database, no clock of its own, no settings: whoever calls brings the dates.
Leaves to others which case has which term, and who is told about it.
"""
