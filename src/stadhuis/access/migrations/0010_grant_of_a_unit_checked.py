from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Check the constraints on the rows that were there before them. Locks out nobody."""

    dependencies = [("access", "0009_grant_of_a_unit")]

    operations = [
        ValidateConstraint("grant", "grant_of_the_house_has_no_unit"),
        ValidateConstraint("request", "request_is_role_or_grant"),
        ValidateConstraint("request", "request_of_the_house_no_unit"),
    ]
