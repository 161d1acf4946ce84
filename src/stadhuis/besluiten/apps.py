"""Besluiten as a Django app."""

from django.apps import AppConfig


class BesluitenConfig(AppConfig):
    """Decisions and their documents."""

    name = "stadhuis.besluiten"
    label = "besluiten"

    def ready(self) -> None:
        """Answer what zaken asks about decisions; announce the channel."""
        from stadhuis.access import public as access
        from stadhuis.besluiten import keeping, processing
        from stadhuis.besluiten.actions import destroy_of_zaak, destroy_record
        from stadhuis.besluiten.reads import has_document, summaries_of
        from stadhuis.documenten import public as documenten
        from stadhuis.notificaties import public as notificaties
        from stadhuis.records import public as records
        from stadhuis.zaken.public import BESLUITEN_OF

        documenten.IS_RELATED.answer(has_document)
        BESLUITEN_OF.answer(summaries_of)
        access.register_guarded(
            "besluit",
            type_column="besluittype_ref",
            level_column="",
            version_sql="(SELECT t.uuid FROM catalogi_besluittype t WHERE t.id = {alias}.besluittype_id)",
            table="besluiten_besluit",
            component="brc",
            case_sql="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.zaak_id",
            **records.owned_by_records(
                zaak="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.zaak_id",
                besluit="SELECT q.uuid FROM besluiten_besluit q WHERE q.id = {alias}.id",
            ),
            own_sql="FALSE",
            involved_sql="EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {alias}.zaak_id AND r.person_id = {person})",
        )
        # What only lays down a besluit follows the zaak of that; of a loose besluit it follows the besluit (zaken says so).
        laid_down = """FROM besluiten_besluitinformatieobject k JOIN besluiten_besluit b ON b.id = k.besluit_id"""
        zaken_of_document = (
            f"SELECT q.uuid {laid_down} JOIN zaken_zaak q ON q.id = b.zaak_id WHERE k.document_id = {{alias}}.id"
        )
        access.also_belongs(
            "document",
            "besluiten",
            involved_sql=f"EXISTS (SELECT 1 {laid_down} JOIN zaken_rol r ON r.zaak_id = b.zaak_id"
            " WHERE k.document_id = {alias}.id AND r.person_id = {person})",
            case_sql=zaken_of_document,
            **records.owned_by_records(zaak=zaken_of_document),
        )
        keeping.register()
        documenten.PERSONS_IN.answer(processing.subjects_of_documents)
        documenten.HIDDEN_IN.answer(processing.hidden_in_documents)
        documenten.KEPT_WITH.answer(processing.kept_with)
        records.register_destroyer(keeping.KIND, "besluiten", destroy_record)
        records.register_destroyer("zaak", "besluiten", destroy_of_zaak)
        notificaties.register_kanaal("besluiten", ("verantwoordelijkeOrganisatie", "besluittype"))
