"""Which zaken and documents are somebody's own; registered with access at start-up."""

from __future__ import annotations

from typing import Final

from stadhuis.access import public as access
from stadhuis.records import public as records

OWN_ROL: Final = """(r.person_id = {person} OR r.company_id = {company})
    AND (r.omschrijving_generiek IN ('initiator', 'mede_initiator')
         OR (r.indicatie_machtiging <> '' AND NOT r.authenticatie_context @> '{"acting": true}'))
    AND ({branch} IS NULL OR r.betrokkene_identificatie->>'vestigingsNummer' = {branch})
    AND ({services} IS NULL
         OR (SELECT split_part(s.zaaktype_ref, ':', 2) FROM zaken_zaak s WHERE s.id = r.zaak_id) = ANY({services}))"""
"""A resident or company sees the zaken they asked for, or in which they gave or hold a machtiging.

Not those they once handled online for someone else: that right is proven anew at each log-in and ends with its basis, so
they see them while they act for the other. Within the bounds of what they may do: one branch, or some zaaktypen only.
"""
INVOLVED_ROL: Final = "r.person_id = {person}"
"""Without an OR: then the planner turns 'not in a zaak of these persons' into one look at their few rollen."""


def register() -> None:
    """Tell access how the guarded tables look."""
    access.register_guarded(
        "zaak",
        type_column="zaaktype_ref",
        level_column="vertrouwelijkheid_orde",
        own_sql=f"EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {{alias}}.id AND {OWN_ROL})",
        involved_sql=f"EXISTS (SELECT 1 FROM zaken_rol r WHERE r.zaak_id = {{alias}}.id AND {INVOLVED_ROL})",
        version_sql="(SELECT t.uuid FROM catalogi_zaaktype t WHERE t.id = {alias}.zaaktype_id)",
        table="zaken_zaak",
        component="zrc",
        case_sql="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.id",
        **records.owned_by_records(zaak="SELECT q.uuid FROM zaken_zaak q WHERE q.id = {alias}.id"),
    )
    of_document = """EXISTS (SELECT 1 FROM zaken_zaakinformatieobject k JOIN zaken_rol r ON r.zaak_id = k.zaak_id
        WHERE k.document_id = {alias}.id AND """
    zaken_of_document = """SELECT q.uuid FROM zaken_zaakinformatieobject k JOIN zaken_zaak q ON q.id = k.zaak_id
        WHERE k.document_id = {alias}.id"""
    access.register_guarded(
        "document",
        type_column="informatieobjecttype_ref",
        level_column="vertrouwelijkheid_orde",
        # tonenAanInitiator: the portal must filter on it. Source: BEHAVIOUR 10.5.
        own_sql=f"({{alias}}.tonen_aan_initiator AND {of_document}{OWN_ROL}))",
        involved_sql=f"{of_document}{INVOLVED_ROL})",
        version_sql="(SELECT t.uuid FROM catalogi_informatieobjecttype t WHERE t.id = {alias}.informatieobjecttype_id)",
        table="documenten_document",
        component="drc",
        case_sql=zaken_of_document,
        # It follows its zaken; what belongs to none is a record of its own, or goes with a besluit that is (decision 0033).
        **records.owned_by_records(
            zaak=zaken_of_document,
            document="SELECT q.uuid FROM documenten_document q WHERE q.id = {alias}.id",
            besluit="""SELECT q.object_uuid FROM documenten_objectinformatieobject q
                WHERE q.document_id = {alias}.id AND q.object_type = 'besluit'""",
        ),
        ready_sql="{alias}.is_gereed_voor_publicatie IS TRUE",
    )
