"""Temporary files of a process: in a folder of its own below the data folder, which is removed after its death."""

import os
import tempfile


def use_own_folder() -> None:
    """Let this process, and those that it starts, keep their temporary files there."""
    # The site is loaded before the application.
    from extraction.services import leftovers

    tempfile.tempdir = os.environ["TMPDIR"] = str(leftovers.own_temporary_folder())
