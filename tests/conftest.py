"""Profiles of hypothesis: the default for every day, HYPOTHESIS_PROFILE=nightly for the night."""

import os

from hypothesis import HealthCheck, settings

# A whole program is one example, so examples are large and take their time.
settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("nightly", settings.get_profile("default"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
