"""The student kind that the documentation adds, made from the code that it shows."""

import re
from pathlib import Path
from typing import Any

from extraction.engines.student.base import StudentKind

RECIPE = Path(__file__).parents[2] / "docs" / "recipes" / "student-kind.md"


def documented_kind() -> StudentKind:
    """A new instance, not registered."""
    [code] = re.findall(r"```python\n(.*?)```", RECIPE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, str(RECIPE), "exec"), names)
    kind: StudentKind = names["KeywordStudent"]()
    return kind
