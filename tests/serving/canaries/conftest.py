"""What every test of canaries starts from."""

from tests.serving.canaries.worlds import candidate, canary, says, serving

__all__ = ["candidate", "canary", "says", "serving"]
