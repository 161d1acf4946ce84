"""How passwords of staff are kept: Argon2id with Django's costs, and with small costs for the test suite alone."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """The same algorithm at a cost at which a thousand tests can each hire staff. Only ``MODE=test`` uses it."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
