"""Schemes: the rules of support schemes as dated data and pure functions, and the record of every assessment made.

Owns the rules (one folder per scheme), their versions and the append-only table of assessments. Leaves the application
to forms, the case to zaken, and the decision itself to people in casework: an assessment only advises.
"""
