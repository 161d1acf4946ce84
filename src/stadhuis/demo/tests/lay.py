"""Lay the foundation of the demo town (catalogue, forms, units, routes) without its people and cases: a process of its own."""

from stadhuis.kit.starting import start_django

if __name__ == "__main__":
    start_django()
    from django.db import transaction

    from stadhuis.demo.seeding import foundation

    with transaction.atomic():
        foundation.lay()
