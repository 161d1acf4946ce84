"""The one page of the demo room: who is who, with the code of the moment for each member of staff."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from stadhuis.demo.seeding import foundation
from stadhuis.demo.town import people, staff
from stadhuis.kit.time import local, now

STEP_SECONDS = 30


@never_cache
@require_GET
def who_is_who(request: HttpRequest) -> HttpResponse:
    """Show the log-ins of the demo town. Nobody who reads this learns a secret: nothing here keeps anybody out."""
    if settings.IS_PRODUCTION:
        raise Http404
    moment = now()
    following = datetime.fromtimestamp((int(moment.timestamp()) // STEP_SECONDS + 1) * STEP_SECONDS, UTC)
    context = {
        "password": staff.PASSWORD,
        "staff": [
            {
                "username": one.username,
                "naam": one.naam,
                "functie": one.functie,
                "note": one.note,
                "code": pyotp.TOTP(one.totp_secret).at(moment),
                "next": pyotp.TOTP(one.totp_secret).at(following),
            }
            for one in (*staff.STAFF, staff.GUEST)
        ],
        "until": local(following),
        "main": people.resident(people.MAIN_APPLICANT),
        "simulators": settings.SIMULATORS_URL,
        "client_id": foundation.CLIENT_ID,
        "token": foundation.token() if foundation.is_seeded() else "",
        "api": f"{settings.PUBLIC_URL}/zaken/api/v1/zaken",
    }
    return render(request, "demo/wie_is_wie.html", context)
