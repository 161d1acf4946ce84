"""Addresses of the area running."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import running

urlpatterns: list[URLPattern] = [
    path("", running.alarms_page, name="running"),
    path("alarmen/<uuid:uuid>/oppakken/", running.take_alarm, name="take_alarm"),
    path("alarmen/<uuid:uuid>/loslaten/", running.let_go_alarm, name="let_go_alarm"),
    path("storingen/", running.outages_page, name="outages"),
    path("storingen/<uuid:uuid>/einde/", running.end_outage, name="end_outage"),
    path("storingen/<uuid:uuid>/intrekken/", running.withdraw_outage, name="withdraw_outage"),
    path("mislukt/", running.failed_page, name="failed"),
    path("mislukt/taken/<int:job>/", running.settle_job, name="settle_job"),
    path("mislukt/berichten/", running.send_all_again, name="send_all_again"),
    path("mislukt/berichten/<int:delivery>/", running.send_again, name="send_again"),
    path("abonnementen/", running.subscribers_page, name="subscribers"),
    path("abonnementen/<uuid:uuid>/opnieuw/", running.subscriber_again, name="subscriber_again"),
    path("abonnementen/<uuid:uuid>/beeindigen/", running.subscriber_end, name="subscriber_end"),
    path("zaaktypen/", running.incomplete_types, name="incomplete_types"),
]
