"""The room as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class MessagesConfig(AppConfig):
    """Label differs from the folder because Django's own flash messages have the short one."""

    name = "stadhuis.messages"
    label = "town_messages"

    def ready(self) -> None:
        """Announce what is encrypted, how mail is looked at, and how what was sent about a zaak is destroyed."""
        from stadhuis.messages import listeners, restored, watching  # noqa: F401
        from stadhuis.messages.actions import destroy_about
        from stadhuis.records import public as records

        watching.register()
        records.register_destroyer("zaak", "messages", destroy_about)
        register(Encrypted("town_messages_outboundmail", "to_address", "'mail:' || t.uuid"))
        register(
            Encrypted(
                "town_messages_mailaddress", "address", "'mail-address:' || t.uuid", lookup="address_hash",
                lookup_about="mail-address", lookup_folds=True,
            )
        )  # fmt: skip
