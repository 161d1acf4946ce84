"""How passwords of staff are kept: Argon2id, and with small costs for the test suite alone."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class StaffArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two rounds, one lane: a second factor stands beside every password of staff.

    Django's own costs (100 MiB, eight lanes) take five times the processor time, and as many MiB for each who logs in at
    the same time, which whoever sends wrong passwords makes us spend as well.

    Source: OWASP Password Storage Cheat Sheet (m=19456, t=2, p=1).
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """The same algorithm at a cost at which a thousand tests can each hire staff. Only ``MODE=test`` uses it."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
