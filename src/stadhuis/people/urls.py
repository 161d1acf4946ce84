"""Addresses of log-in and log-out."""

from __future__ import annotations

from django.urls import URLPattern, path

from stadhuis.people import account_pages, pages

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("inloggen/", pages.choose, name="inloggen"),
    path("inloggen/ophogen/", pages.step_up, name="ophogen"),
    # Registered at the providers as they are, without a slash at the end; an address per provider, against mix-up.
    path("inloggen/<slug:means>/terug", pages.back, name="terug"),
    path("inloggen/<slug:means>/afmelden", pages.provider_logs_out, name="afmelden"),
    path(".well-known/jwks.json", pages.jwks, name="jwks"),
    path("inloggen/<slug:means>/", pages.start, name="start"),
    path("uitloggen/", pages.log_out, name="uitloggen"),
    path("uitgelogd", pages.logged_out, name="uitgelogd"),
    path("sessie/verlengen/", pages.stay, name="verlengen"),
    path("werkplek/inloggen/", pages.staff_log_in, name="werkplek_inloggen"),
    path("werkplek/inloggen/code/", pages.staff_code, name="werkplek_code"),
    path("werkplek/uitloggen/", pages.log_out, name="werkplek_uitloggen"),
    path("werkplek/uitgelogd/", pages.logged_out, name="werkplek_uitgelogd"),
    path("werkplek/sessie/verlengen/", pages.stay, name="werkplek_verlengen"),
    path("werkplek/inloggen/link/", account_pages.link_needed, name="link_nodig"),
    path("werkplek/inloggen/passkey/opties/", account_pages.passkey_login_options, name="passkey_inlogopties"),
    path("werkplek/inloggen/passkey/", account_pages.passkey_login, name="passkey_inloggen"),
    path("werkplek/inloggen/sso/", account_pages.sso_start, name="sso"),
    # Registered at the provider as it is, without a slash at the end.
    path("werkplek/inloggen/sso/terug", account_pages.sso_back, name="sso_terug"),
    path("werkplek/inloggen/sso/afmelden", account_pages.sso_logs_out, name="sso_afmelden"),
    path("werkplek/wachtwoord-vergeten/", account_pages.forgot_password, name="wachtwoord_vergeten"),
    path("werkplek/account/link/", account_pages.open_link, name="link"),
    path("werkplek/account/wachtwoord-kiezen/", account_pages.choose_password, name="wachtwoord_kiezen"),
    path("werkplek/account/", account_pages.my_account, name="account"),
    path("werkplek/account/bevestigen/", account_pages.confirm, name="bevestigen"),
    path("werkplek/account/wachtwoord/", account_pages.change_password, name="wachtwoord_wijzigen"),
    path("werkplek/account/app/", account_pages.change_app, name="app_instellen"),
    path("werkplek/account/herstelcodes/", account_pages.recovery_codes, name="herstelcodes"),
    path("werkplek/account/passkeys/opties/", account_pages.passkey_options, name="passkey_opties"),
    path("werkplek/account/passkeys/", account_pages.add_passkey, name="passkey_toevoegen"),
    path(
        "werkplek/account/passkeys/<uuid:uuid>/verwijderen/", account_pages.remove_passkey, name="passkey_verwijderen"
    ),
    path("werkplek/account/sessies/<uuid:uuid>/stoppen/", account_pages.end_session, name="sessie_stoppen"),
    path("werkplek/account/overal-uitloggen/", account_pages.sign_out_everywhere, name="overal_uitloggen"),
    path("werkplek/account/afwezig/", account_pages.absence, name="afwezig"),
    path("werkplek/account/afwezig/<uuid:uuid>/intrekken/", account_pages.cancel_absence, name="afwezig_intrekken"),
    path("werkplek/account/gasten/", account_pages.guests, name="gasten"),
    path("werkplek/account/gasten/<uuid:uuid>/verlengen/", account_pages.renew_guest, name="gast_verlengen"),
    path("werkplek/account/gasten/<uuid:uuid>/stoppen/", account_pages.end_guest, name="gast_stoppen"),
]
