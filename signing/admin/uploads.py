"""Taking PDFs from a form: to disk, never more than intake would take of each, and not too much at once."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest


class TooMuch(Exception):
    """The form's files are larger, taken together, than is taken at once; nothing of it was read."""


class PdfUpload(FileUploadHandler):
    """Keeps one byte more of a file than intake allows, so that intake says that it is too large; drops the rest.

    `most`: what intake allows at most to the clients of whoever sends the form.
    """

    def __init__(self, request: HttpRequest, *, most: int) -> None:
        super().__init__(request)
        self._room = most + 1

    def new_file(self, *args: object, **kwargs: object) -> None:
        """A temporary file in the work folder, gone when it is closed."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # handed through as Django gives them
        folder = Path(settings.WORK_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = tempfile.NamedTemporaryFile(dir=folder, prefix="upload-")  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what there is room for."""
        if start < self._room:
            self.file.write(raw_data[: self._room - start])

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, as far as it was kept."""
        self.file.seek(0)
        return UploadedFile(file=self.file, name=self.file_name, size=min(file_size, self._room))

    def upload_interrupted(self) -> None:
        """The browser went away in the middle."""
        if hasattr(self, "file"):
            self.file.close()


def await_files(request: HttpRequest, *, most: int) -> None:
    """Let this request bring files of `most` bytes; call it before anything reads the form. Raises `TooMuch`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_BYTES:
        raise TooMuch
    request.upload_handlers = [PdfUpload(request, most=most)]
