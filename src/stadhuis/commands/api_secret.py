"""``stadhuis api-secret``: the two secrets of an application, changed without a standstill.

Set the second, give it to the application, see that it is used, drop the first.
"""

from __future__ import annotations

import argparse
import secrets
import sys

from stadhuis.commands.start import django_started, refuse

NAME = "api-secret"
HELP = "see, set and drop the two secrets of an application"
SHORTEST = 32


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("deed", choices=["list", "set", "drop"], help="list: when which was used; set: a new one; drop")
    parser.add_argument("client_id")
    parser.add_argument("--slot", type=int, choices=[1, 2], help="which of the two (set, drop)")
    parser.add_argument(
        "--stdin", action="store_true", help="set: read the secret; otherwise one is made and printed once"
    )
    parser.add_argument(
        "--force", action="store_true", help="set over one that is there; drop one that was used today or is the last"
    )


def run(given: argparse.Namespace) -> int:
    """Do it; 1 with one sentence when it was not done."""
    django_started()
    from django.db import transaction

    from stadhuis.access import public as access

    try:
        found = access.secrets_of(given.client_id)
    except access.NotFound:
        return refuse(f"There is no application with the client id {given.client_id}.")
    if given.deed == "list":
        for secret in found:
            print(f"slot {secret.slot}: set {secret.created_at:%Y-%m-%d %H:%M}, {_used(secret)}")
        if not found:
            print("no secret: this application cannot log in")
        return 0
    if given.slot is None:
        return refuse("Name the slot: --slot 1 or --slot 2.")
    there = next((secret for secret in found if secret.slot == given.slot), None)
    with transaction.atomic():
        if given.deed == "set":
            if there is not None and not given.force:
                return refuse(f"Slot {given.slot} holds a secret ({_used(there)}): set the other one, or give --force.")
            value = sys.stdin.readline().rstrip("\r\n") if given.stdin else secrets.token_urlsafe(48)
            if len(value) < SHORTEST:
                return refuse(f"A secret has at least {SHORTEST} characters.")
            access.set_secret(given.client_id, value, slot=given.slot)
        else:
            if there is None:
                return refuse(f"Slot {given.slot} holds no secret.")
            if reason := _reason_to_stay(there, found) if not given.force else "":
                return refuse(reason)
            access.drop_secret(given.client_id, slot=given.slot)
    if given.deed == "drop":
        print(f"Slot {given.slot} is empty: tokens signed with its secret are refused from now on.")
    elif given.stdin:
        print(f"Slot {given.slot} is set.")
    else:
        print(value)
    return 0


def _used(secret: object) -> str:
    from stadhuis.access.public import SecretRecord

    at = secret.last_used_at if isinstance(secret, SecretRecord) else None
    return f"last used {at:%Y-%m-%d %H:%M}" if at else "never used"


def _reason_to_stay(secret: object, found: object) -> str:
    """Return why a secret should not be dropped, or "" when nothing is in the way."""
    from stadhuis.access import public as access

    if not isinstance(secret, access.SecretRecord) or not isinstance(found, list):
        return ""
    return {
        "": "",
        "last": "This is the only secret of the application: set the other one first, or give --force.",
        "recent": f"This secret was used within the last day ({secret.last_used_at:%Y-%m-%d %H:%M}): the application still has it. Give --force to drop it anyway."
        if secret.last_used_at
        else "",
        "unproved": "The other secret was never used: give it to the application first, or give --force.",
    }[access.why_keep(secret, found)]
