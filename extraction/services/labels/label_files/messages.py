"""Sentences about label files that several modules raise."""

from extraction.domain.errors import gettext_noop

NOT_OPENED = gettext_noop("{name} cannot be opened: {why}.")
NO_TEXT = gettext_noop("{name} is not a text file in UTF-8.")
NO_SOURCE = gettext_noop("Labels cannot be loaded as those of a {source}.")
TOO_LARGE = gettext_noop("{name} has more than {most} MB; split it.")
