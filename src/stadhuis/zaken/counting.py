"""How many zaken there are: kept as rows that are summed (``models.Tally``), so that a page of a list need not count them."""

from __future__ import annotations

from django.db import connection

_ADD_UP = """
WITH gone AS (
  DELETE FROM zaken_tally t USING (
    SELECT zaaktype_id, zaaktype_ref, vertrouwelijkheid_orde FROM zaken_tally GROUP BY 1, 2, 3
    HAVING count(*) > 1 OR sum(count) = 0) k
   WHERE (t.zaaktype_id, t.zaaktype_ref, t.vertrouwelijkheid_orde) = (k.zaaktype_id, k.zaaktype_ref, k.vertrouwelijkheid_orde)
  RETURNING t.zaaktype_id, t.zaaktype_ref, t.vertrouwelijkheid_orde, t.count),
added AS (
  INSERT INTO zaken_tally (zaaktype_id, zaaktype_ref, vertrouwelijkheid_orde, count)
  SELECT zaaktype_id, zaaktype_ref, vertrouwelijkheid_orde, sum(count) FROM gone GROUP BY 1, 2, 3 HAVING sum(count) <> 0)
SELECT count(*) FROM gone
"""


def add_up() -> int:
    """Replace the rows of each zaaktype and level by one; returns how many went. Readers and writers do not notice.

    Two at once are no harm: a row is taken away by one of them only, and its count goes where it goes.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP)
        return int(cursor.fetchone()[0])
