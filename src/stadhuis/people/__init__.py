"""Who people are and how they prove it: residents, companies, staff, organisation units, log-in and sessions.

Owns the pseudonym under which everybody else knows a person, the one table in which a BSN stands, and every log-in. Leaves
what someone may do to ``access``, and what the BRP or KVK says about them to ``personen``.
"""
