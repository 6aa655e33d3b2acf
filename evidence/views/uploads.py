"""Taking one file from a form into a file that has no name: it is gone with the request, whatever becomes of that."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class Unnamed(FileUploadHandler):
    """Keeps the first file, and of that one byte more than is taken, so that it is seen to be too large."""

    files = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Open it in the work folder; Linux keeps no entry of it there (O_TMPFILE)."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]  # handed through as Django gives them
        self.files += 1
        if self.files > 1:
            return
        folder = Path(settings.WORK_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what there is room for."""
        most = settings.VERIFY_MAX_BYTES + 1
        if self.files == 1 and start < most:
            self.file.write(raw_data[: most - start])

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file, as far as it was kept; its size is the true one. None for those after the first."""
        if self.files > 1:
            return None
        self.file.flush()
        self.file.seek(0)
        return UploadedFile(file=self.file, name=self.file_name, size=file_size)

    def upload_interrupted(self) -> None:
        """The browser went away in the middle."""
        if hasattr(self, "file"):
            self.file.close()
