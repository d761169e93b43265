"""The student: a small layout-aware network that is taught by labels and serves without torch."""

import os

# Before torch loads OpenMP: threads that wait must sleep, not spin. Beside a busy neighbour spinning made training ten
# times slower on two cores; alone it costs nothing measurable.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
