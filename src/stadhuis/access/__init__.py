"""What someone may do: roles, grants and memberships of staff; applications of the ZGW APIs, their secrets and scopes.

Owns the one access rule: ``predicate`` compiles to one SQL condition that every list, detail, count, search and file uses.
Stores values (a type's reference), no foreign keys to the registers: rooms above register the tables they guard. Leaves who
someone is to ``people``.
"""
