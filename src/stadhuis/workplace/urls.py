"""Addresses of the workplace, all under ``/werkplek/``. No search words, names or BSNs in any of them."""

from django.urls import path

from stadhuis.workplace import access_pages, pages

app_name = "workplace"
urlpatterns = [
    path("", pages.worklist, name="worklist"),
    path("zoeken/", pages.search, name="search"),
    path("documenten/<uuid:uuid>/", pages.loose_document, name="loose_document"),
    path("besluiten/<uuid:uuid>/", pages.loose_besluit, name="loose_besluit"),
    path("zaken/<uuid:uuid>/", pages.zaak, name="zaak"),
    path("zaken/<uuid:uuid>/handelingen/", pages.trail, name="trail"),
    path("zaken/<uuid:uuid>/oppakken/", pages.take, name="take"),
    path("zaken/<uuid:uuid>/terugleggen/", pages.release, name="release"),
    path("zaken/<uuid:uuid>/toewijzen/", pages.assign, name="assign"),
    path("zaken/<uuid:uuid>/ander-team/", pages.to_unit, name="to_unit"),
    path("zaken/<uuid:uuid>/notitie/", pages.note, name="note"),
    path("zaken/<uuid:uuid>/verlengen/", pages.extend, name="extend"),
    path("zaken/<uuid:uuid>/opschorten/", pages.suspend, name="suspend"),
    path("zaken/<uuid:uuid>/hervatten/", pages.resume, name="resume"),
    path("zaken/<uuid:uuid>/termijn/", pages.term, name="term"),
    path("zaken/<uuid:uuid>/termijn/ingebrekestelling/", pages.default_notice, name="default_notice"),
    path("zaken/<uuid:uuid>/termijn/bestreden-besluit/", pages.objected_decision, name="objected_decision"),
    path("zaken/<uuid:uuid>/termijn/<int:event>/verbeteren/", pages.correct_event, name="correct_event"),
    path("zaken/<uuid:uuid>/termijn/<int:event>/intrekken/", pages.withdraw_event, name="withdraw_event"),
    path("zaken/<uuid:uuid>/gegevens/<str:key>/", pages.fact, name="fact"),
    path("zaken/<uuid:uuid>/beoordelen/", pages.assess, name="assess"),
    path("zaken/<uuid:uuid>/voorstel/", pages.propose, name="propose"),
    path("zaken/<uuid:uuid>/voorstel/<uuid:proposal>/", pages.proposal, name="proposal"),
    path("zaken/<uuid:uuid>/voorstel/<uuid:proposal>/brief.pdf", pages.proposal_pdf, name="proposal_pdf"),
    path("zaken/<uuid:uuid>/voorstel/<uuid:proposal>/<str:deed>/", pages.decide, name="decide"),
    path("zaken/<uuid:uuid>/documenten/<uuid:document>/", pages.document, name="document"),
    path("zaken/<uuid:uuid>/belang/", access_pages.conflict, name="conflict"),
    path("noodtoegang/", access_pages.glass, name="glass"),
    path("noodtoegang/<uuid:uuid>/<str:deed>/", access_pages.glass_deed, name="glass_deed"),
    path("mails/", pages.mails, name="mails"),
    path("mails/<int:mail>/", pages.settle_mail, name="settle_mail"),
]
