"""What answers callers beside the serving model: the teacher, and a candidate."""
