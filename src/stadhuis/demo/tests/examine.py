"""After the kills: sweep once, let the jobs end, and print what disk, tables and mailbox say, as one line of JSON.

A process of its own in the environment of the town hall that was killed.
"""

from __future__ import annotations

import hashlib
import json
import time
from datetime import timedelta
from typing import Any

from stadhuis.kit.starting import start_django

DRAIN_SECONDS = 60


def main() -> None:
    """Sweep and look."""
    start_django()
    from django.db import connection

    from stadhuis.kit import files, jobs

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def number(sql: str) -> int:
        return int(rows(sql)[0][0])

    taken_up = jobs.sweep_stalled()
    end = time.monotonic() + DRAIN_SECONDS
    while jobs.waiting() and time.monotonic() < end:
        time.sleep(0.2)
    swept = files.sweep(older_than=timedelta(0))
    wrong_bytes, missing = [], []
    for uuid, size, digest in rows("SELECT uuid, size, sha256 FROM kit_storedfile WHERE state = 'kept'"):
        try:
            content = files.path_of(uuid).read_bytes()
        except FileNotFoundError:
            missing.append(str(uuid))
            continue
        if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
            wrong_bytes.append(str(uuid))
    print(
        json.dumps(
            {
                "zaken": number("SELECT count(*) FROM zaken_zaak"),
                "submissions": number("SELECT count(*) FROM forms_submission"),
                "receipts": number("SELECT count(*) FROM town_messages_receipt"),
                "open drafts": number("SELECT count(*) FROM forms_draft WHERE state = 'open'"),
                "receipt numbers": dict(rows("SELECT number, zaak_identificatie FROM town_messages_receipt")),
                "zaak numbers": [row[0] for row in rows("SELECT identificatie FROM zaken_zaak")],
                "submissions without exactly one zaak, receipt, work item, summary, first status": number(
                    """
                    SELECT count(*) FROM forms_submission s WHERE
                        (SELECT count(*) FROM zaken_zaak z WHERE z.uuid = s.zaak_uuid) != 1
                        OR (SELECT count(*) FROM town_messages_receipt r WHERE r.zaak_uuid = s.zaak_uuid) != 1
                        OR (SELECT count(*) FROM casework_workitem w JOIN zaken_zaak z ON z.id = w.zaak_id
                            WHERE z.uuid = s.zaak_uuid) != 1
                        OR (SELECT count(*) FROM zaken_status t JOIN zaken_zaak z ON z.id = t.zaak_id
                            WHERE z.uuid = s.zaak_uuid) != 1
                        OR (SELECT count(*) FROM documenten_document d WHERE d.uuid = s.summary_document) != 1
                        OR (SELECT count(*) FROM zaken_zaakinformatieobject o JOIN zaken_zaak z ON z.id = o.zaak_id
                            WHERE z.uuid = s.zaak_uuid) != jsonb_array_length(s.files) + 1
                    """
                ),
                "documents": number("SELECT count(*) FROM documenten_document"),
                "documents whose file is not the one that was kept": number(
                    """
                    SELECT count(*) FROM documenten_document d LEFT JOIN kit_storedfile f ON f.uuid = d.file_id
                    WHERE f.state IS DISTINCT FROM 'kept' OR f.sha256 != d.sha256
                    """
                ),
                "kept files nobody refers to": number(
                    """
                    SELECT count(*) FROM kit_storedfile f WHERE f.state = 'kept'
                        AND NOT EXISTS (SELECT FROM documenten_document d WHERE d.file_id = f.uuid)
                        AND NOT EXISTS (SELECT FROM forms_draftfile d WHERE d.file = f.uuid)
                    """
                ),
                "files that are not kept": number("SELECT count(*) FROM kit_storedfile WHERE state != 'kept'"),
                "files without a row": [str(path) for path in files.unknown_paths()],
                "kept rows without a file": missing,
                "files with wrong bytes": wrong_bytes,
                "mails": {
                    str(uuid): state for uuid, state in rows("SELECT uuid, state FROM town_messages_outboundmail")
                },
                "mails per zaak": number(
                    "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM town_messages_outboundmail GROUP BY about) x"
                ),
                "jobs": dict(rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")),
                "jobs not ended": [
                    list(row)
                    for row in rows(
                        "SELECT task_name, status::text, attempts, scheduled_at::text FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')"
                    )
                ],
                "jobs taken up by the sweep": taken_up,
                "jobs that ran more than once": number("SELECT count(*) FROM procrastinate_jobs WHERE attempts > 1"),
                "files swept": swept,
            }
        )
    )


if __name__ == "__main__":
    main()
