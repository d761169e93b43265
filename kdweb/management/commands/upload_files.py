from collections.abc import Mapping
from typing import Any

from extraction.management.base import KdCommand, Terminal
from extraction.services.operation import files_upload
from extraction.services.operation.files_upload import Uploaded


class Command(KdCommand[Uploaded]):
    help = "Uploads the files of the data folder to the object store that KD_FILES_URL names."

    def run(self, options: Mapping[str, Any]) -> Uploaded:
        return files_upload.upload(Terminal("Uploading"))

    def show(self, result: Uploaded) -> None:
        for name in result.missing:
            self.stderr.write(f"{name}: not there, though a row names it.")
        self.stdout.write(f"{result.uploaded} files uploaded, {result.known} were there already.")

    def failed(self, result: Uploaded) -> bool:
        return bool(result.missing)
