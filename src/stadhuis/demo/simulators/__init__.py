"""Simulators of the outside world, in one process of their own: DigiD and eHerkenning (OIDC), BRP, KVK and a mail sink.

Practice only. Everything here plays a role towards Stadhuis over the network, exactly as the real party would, so that the
clients in the rooms are the same in the demo, in the tests and in production. No Django. Start it with
``python -m stadhuis.demo.simulators``.
"""
