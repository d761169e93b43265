"""Path parameters of several calls."""

from ninja import P, PathEx

from extraction.api.pagination import LARGEST

Slug = PathEx[str, P(description="The project's short name.")]
Id = PathEx[int, P(ge=0, le=LARGEST)]
# As `services.training` takes the names of models.
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$"
