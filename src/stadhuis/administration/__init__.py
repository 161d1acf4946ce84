"""The face for functional administrators, at ``/werkplek/beheer/``: people, access, the trail, and how the house runs.

Owns no tables and no rules: it takes in, calls a deed or question of the ground, and gives back. It is on the workplace's
session; what someone sees here follows from the ``beheer.*`` actions of their roles.
"""
