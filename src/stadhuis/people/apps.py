"""The room people as a Django app."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stadhuis.kit.rotation import Encrypted, register


class PeopleConfig(AppConfig):
    """Persons, companies, staff, units, log-in."""

    name = "stadhuis.people"
    label = "people"

    def ready(self) -> None:
        """Say how log-in is looked at, for whom somebody acts and what is encrypted; show the way to one's own account."""
        from stadhuis.kit.pages import context, menu
        from stadhuis.people import watching
        from stadhuis.people.guards import actor_of, acts_for

        def is_staff(request: HttpRequest) -> bool:
            actor = actor_of(request)
            return actor is not None and actor.kind == "staff"

        watching.register()
        context.show_acts_for(acts_for)
        menu.register("workplace", _("Mijn account"), "people:account", order=95, icon="circle-user", visible=is_staff)
        staff = "JOIN people_medewerker m ON m.id = t.medewerker_id"
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
                "people_companymeans", "cipher", "'company-means:' || c.uuid", lookup="lookup",
                joins="JOIN people_company c ON c.id = t.company_id",
                lookup_about="company-means", lookup_before="t.issuer || '|'",
            ),
            Encrypted(
                "people_representative", "cipher", "'representative:' || t.uuid", lookup="lookup",
                lookup_about="representative", lookup_before="t.issuer || '|'",
            ),
            Encrypted(
                "people_staffmeans", "cipher", "'staff-means:' || m.uuid", joins=staff, lookup="lookup",
                lookup_about="staff-means", lookup_before="t.issuer || '|'",
            ),
            Encrypted("people_loginsession", "names", "'login:' || t.id"),
            Encrypted(
                "people_totp", "secret", "'totp:' || m.uuid", key="medewerker_id",
                joins=staff,
            ),
        )  # fmt: skip
