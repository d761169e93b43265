"""What every test of canaries starts from."""

from tests.serving.canaries.worlds import canary, candidate, says, serving

__all__ = ["canary", "candidate", "says", "serving"]
