from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let zaken of a range of days be counted by the index alone for who sees a part.

    Runs before the code; the code before uses them too. A few seconds an index for a million zaken.
    """

    atomic = False

    dependencies = [("zaken", "0003_tally")]

    operations = [
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["startdatum", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_start_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_startdatum"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["registratiedatum", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_registratie_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_registratiedatum"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["einddatum", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_eind_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_einddatum"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["einddatum_gepland", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_gepland_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_einddatum_gepland"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["uiterlijke_einddatum_afdoening", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_uiterlijk_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_uiterlijke_einddatum"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["publicatiedatum", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_publicatie_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_publicatiedatum"),
        AddIndexConcurrently(
            model_name="zaak",
            index=models.Index(
                fields=["archiefactiedatum", "id"], include=["zaaktype_ref", "vertrouwelijkheid_orde"], name="zaak_archief_guarded"
            ),
        ),
        RemoveIndexConcurrently(model_name="zaak", name="zaak_archiefactiedatum"),
    ]
