"""What becomes of files in forms: nothing, unless the page that awaits them says otherwise."""

from django.core.files.uploadhandler import FileUploadHandler


class NoFiles(FileUploadHandler):
    """Lets a form's files pass without keeping any: nobody fills our disk through a page that awaits none."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Drop it."""
        del raw_data, start

    def file_complete(self, file_size: int) -> None:
        """There is no file."""
        del file_size
