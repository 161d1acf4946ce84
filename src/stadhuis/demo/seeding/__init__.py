"""Seeding: ``plan`` decides (seeded chance, no database), ``foundation`` and ``play`` carry it out by the rooms' own deeds.

The deeds run in the order of time with the clock set to each moment, so that trails, deadlines and letters are those of a
town hall that has been at work for a year.
"""
