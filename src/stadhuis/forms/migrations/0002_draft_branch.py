from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Add for which branch of a company a draft is, and let each branch have one of its own. Runs before the code."""

    locks_because = "It comes before the first release: no town hall has rows in these tables yet."

    dependencies = [("forms", "0001_initial")]

    operations = [
        migrations.AddField(
            "draft",
            "branch",
            models.CharField(
                blank=True,
                default="",
                db_default="",
                max_length=12,
                help_text="vestiging it was started for; empty: the whole company",
            ),
        ),
        migrations.AddConstraint(
            "draft",
            models.UniqueConstraint(
                fields=["slug", "company", "branch"],
                condition=Q(state="open", company__isnull=False),
                name="one_open_draft_per_branch",
            ),
        ),
        migrations.RemoveConstraint("draft", "one_open_draft_per_company"),
    ]
