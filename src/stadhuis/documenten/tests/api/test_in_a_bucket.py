"""The content of documents with its bytes in a bucket of S3: what holds for a folder holds there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stadhuis.documenten.tests.api import test_content, test_upload
from stadhuis.documenten.tests.api.given import content_of, given_document
from stadhuis.kit.api.testing import ApiClient
from stadhuis.kit.tests.s3 import InBucket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_bucket")]


@pytest.fixture(autouse=True)
def _small_parts(settings: Any) -> None:
    settings.DOCUMENT_PART_BYTES = 1000


test_parts_are_joined = (
    test_upload.test_when_a_large_file_comes_in_parts_then_it_is_joined_when_the_document_is_unlocked
)
test_wrong_parts_are_refused = test_upload.test_when_a_part_is_not_right_then_each_case_has_its_code_and_nothing_stays
test_older_versions_keep_theirs = (
    test_upload.test_when_the_content_of_a_document_is_replaced_in_parts_then_the_old_version_keeps_its_own
)
test_parts_go_with_their_document = (
    test_upload.test_when_a_document_with_parts_is_removed_then_the_bytes_of_the_parts_go
)
test_ranges = test_content.test_when_a_part_of_the_content_is_asked_then_that_part_is_given
test_content_that_is_held = test_content.test_when_the_content_is_held_already_then_it_is_not_sent_again
test_harmful_bodies = test_content.test_when_a_body_means_harm_then_it_is_a_fault_and_nothing_stays


def test_the_bytes_lie_in_the_bucket_and_nowhere_else(api: ApiClient, in_bucket: InBucket, tmp_path: Path) -> None:
    document = given_document(api)
    assert len(in_bucket.keys()) == 1
    assert list(tmp_path.rglob("*-*")) == []
    assert (
        content_of(api, document["inhoud"])
        == in_bucket.client.get_object(Bucket=in_bucket.name, Key=in_bucket.keys()[0])["Body"].read()
    )
