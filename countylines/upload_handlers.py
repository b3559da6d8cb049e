"""Uploads fill no disk: what is too large is counted to its end, and not kept."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from recommendations.evidence.file_types import MAX_SIZE


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps up to MAX_SIZE bytes of a file; its `size` is what was sent, so a form can say so."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < MAX_SIZE:
            self.file.write(raw_data)
