"""The room records as a Django app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The spine and its search text."""

    name = "stadhuis.records"
    label = "records"

    def ready(self) -> None:
        """Listen to what happens below, and add what an operator watches to the metrics."""
        from stadhuis.kit import health
        from stadhuis.records import listeners  # noqa: F401
        from stadhuis.records.index import figures

        health.register_figures(
            health.gauge("stadhuis_records", "Records that differ, wait, are due, held or failed.", figures)
        )
