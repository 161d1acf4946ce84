"""The room people as a Django app."""

from django.apps import AppConfig

from stadhuis.kit.rotation import Encrypted, register


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Announce what of people is encrypted."""
        person = "JOIN people_person p ON p.id = t.person_id"
        register(
            Encrypted(
                "people_personbsn", "cipher", "p.uuid::text", key="person_id", joins=person, lookup="lookup", lookup_about="bsn"
            ),
            Encrypted(
                "people_personmeans", "cipher", "'means:' || p.uuid", joins=person, lookup="lookup",
                lookup_about="means", lookup_before="t.issuer || '|'",
            ),
            Encrypted(
                "people_representative", "cipher", "'representative:' || t.uuid", lookup="lookup",
                lookup_about="representative", lookup_before="t.issuer || '|'",
            ),
            Encrypted(
                "people_totp", "secret", "'totp:' || m.uuid", key="medewerker_id",
                joins="JOIN people_medewerker m ON m.id = t.medewerker_id",
            ),
        )  # fmt: skip
