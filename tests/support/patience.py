"""How much time a property may take on a machine that is busy with other things."""

from typing import Final

from hypothesis import HealthCheck, settings

PATIENT: Final = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""As many examples as usual, however long each takes."""
FEW: Final = settings(PATIENT, max_examples=30)
"""For examples that are slow to make."""
