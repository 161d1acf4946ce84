"""Where an upload waits until it has been looked at: a file without a name."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class UnnamedUploadHandler(FileUploadHandler):
    """Lets what comes in go to a file on disk that has no name, so that it goes with the process, however that ends.

    Django's own handler leaves its files behind when the process is killed, with what residents sent in them.
    """

    file: UploadedFile[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with the next file of a request."""
        super().new_file(*args, **kwargs)
        place = tempfile.TemporaryFile()  # noqa: SIM115  (the request closes it)
        self.file = UploadedFile(place, self.file_name, self.content_type, 0, self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what came in."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Return the file, at its beginning."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Let go of what came in so far."""
        if hasattr(self, "file"):
            self.file.close()
