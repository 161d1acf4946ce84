"""Addresses of the area people."""

from django.urls import URLPattern, path

from stadhuis.administration.pages import people

urlpatterns: list[URLPattern] = [
    path("", people.people_list, name="people"),
    path("nieuw/", people.add_person, name="add_person"),
    path("gasten/nieuw/", people.add_guest, name="add_guest"),
    path("groepen/", people.groups, name="groups"),
    path("groepen/<int:line>/verwijderen/", people.remove_group, name="remove_group"),
    path("organisatie/", people.units, name="units"),
    path("organisatie/nieuw/", people.add_unit, name="add_unit"),
    path("organisatie/<slug:code>/", people.unit, name="unit"),
    path("organisatie/<slug:code>/wijzigen/", people.change_unit, name="change_unit"),
    path("organisatie/<slug:code>/samenvoegen/", people.merge_unit, name="merge_unit"),
    path("<uuid:uuid>/", people.person, name="person"),
    path("<uuid:uuid>/wijzigen/", people.change_person, name="change_person"),
    path("<uuid:uuid>/vertrek/", people.leave, name="leave"),
    path("<uuid:uuid>/tweede-factor/", people.reset_factor, name="reset_factor"),
    path("<uuid:uuid>/inwoner/", people.link_person, name="link_person"),
    path("<uuid:uuid>/uitnodigen/", people.invite_again, name="invite_again"),
    path("<uuid:uuid>/loskoppelen/", people.unbind, name="unbind"),
    path("<uuid:uuid>/sessies-stoppen/", people.end_sessions, name="end_sessions"),
]
