"""Forms as a Django app."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Definitions, drafts and submissions."""

    name = "stadhuis.forms"
    label = "forms"

    def ready(self) -> None:
        """Say how a submission is destroyed with its zaak."""
        from stadhuis.forms.actions.destroy import destroy_submission
        from stadhuis.records import public as records

        records.register_destroyer("zaak", "forms", destroy_submission)
