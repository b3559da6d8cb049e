"""The upload handler of the settings."""

from contextlib import suppress
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from recommendations.evidence.file_types import MAX_SIZE


class UnstoredFile(UploadedFile):  # type: ignore[type-arg]
    """A file for which there was no space on the disk. Whoever reads it gets the error.

    So the rest of the form is still read, and can be saved or shown again.
    """

    def __init__(self, error: OSError, **description: Any) -> None:
        self.error = error
        super().__init__(None, **description)

    @property
    def file(self) -> Any:
        raise self.error

    @file.setter
    def file(self, _: Any) -> None:
        """There is none."""

    def close(self) -> None:
        """Nothing is open."""


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Stores at most MAX_SIZE bytes of a file, so that an upload cannot fill the disk.

    The file's `size` is what was sent, so that a form can refuse it.
    """

    error: OSError | None = None
    file: TemporaryUploadedFile

    def new_file(self, *args: Any, **options: Any) -> None:
        self.error = None
        try:
            super().new_file(*args, **options)
        except OSError as error:
            self.error = error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.error is not None or start >= MAX_SIZE:
            return
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._discard(error)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        if self.error is None:
            try:
                return super().file_complete(file_size)  # type: ignore[return-value]
            except OSError as error:  # of the last bytes
                self._discard(error)
        assert self.error is not None
        description = {"name": self.file_name, "content_type": self.content_type}
        return UnstoredFile(self.error, size=file_size, **description)

    def _discard(self, error: OSError) -> None:
        self.error = error
        with suppress(OSError):
            self.file.close()
