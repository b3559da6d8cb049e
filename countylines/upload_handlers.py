"""The upload handler of the settings."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from recommendations.evidence.file_types import MAX_SIZE


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Stores at most MAX_SIZE bytes of a file, so that an upload cannot fill the disk.

    The file's `size` is what was sent, so that a form can refuse it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start < MAX_SIZE:
            self.file.write(raw_data)
