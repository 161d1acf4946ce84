"""Casework: what staff do with a zaak, from the worklist to a decision that was sent.

Owns the work item of every zaak (unit, handler, deadline), the clock events and every version of the deadline, facts that
staff established, proposals with their approval by a second person, and the text of the decision letter. Leaves the
register to ``zaken`` and ``besluiten``, the rules of a scheme to ``schemes``, the terms to ``law`` and the pages to
``workplace``.
"""
