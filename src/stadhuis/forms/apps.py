"""Forms as a Django app."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Definitions, drafts and submissions."""

    name = "stadhuis.forms"
    label = "forms"

    def ready(self) -> None:
        """Say how a submission is destroyed with its zaak, and which addresses stand in it."""
        from stadhuis.forms.actions.destroy import destroy_submission
        from stadhuis.forms.reads import addresses_in
        from stadhuis.records import public as records
        from stadhuis.zaken.public import ADDRESSES_IN

        ADDRESSES_IN.answer(addresses_in)
        records.register_destroyer("zaak", "forms", destroy_submission)
