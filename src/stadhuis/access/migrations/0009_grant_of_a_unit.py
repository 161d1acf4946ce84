import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Let a grant, and the request for one, be bound to a unit. An empty column; runs before the code.

    The constraint on requests that goes is replaced by one that allows more: what the release before writes still passes.
    """

    dependencies = [("people", "0001_initial"), ("access", "0008_last_call")]

    operations = [
        migrations.AddField(
            "grant",
            "unit",
            models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="only what this unit, or one below it, owns; empty: whoever owns it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        AddConstraintNotValid(
            "grant",
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(action__startswith="beheer."),
                name="grant_of_the_house_has_no_unit",
            ),
        ),
        migrations.AlterField(
            "request",
            "unit",
            models.ForeignKey(
                help_text="of a role, or to which a grant is bound",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.RemoveConstraint("request", "request_is_a_role_or_a_grant"),
        AddConstraintNotValid(
            "request",
            models.CheckConstraint(
                condition=Q(action="", medewerker__isnull=False, unit__isnull=False, max_level__isnull=True)
                | ~Q(action="") & Q(medewerker__isnull=True, max_level__gte=1, max_level__lte=8),
                name="request_is_role_or_grant",
            ),
        ),
        AddConstraintNotValid(
            "request",
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | ~Q(action__startswith="beheer."),
                name="request_of_the_house_no_unit",
            ),
        ),
    ]
