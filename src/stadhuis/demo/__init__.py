"""The demo: the seeded town of Oeverveen and the simulators of the outside world. Never loaded in production.

``town`` is plain data; ``simulators`` is a process of its own that needs no Django.
"""
