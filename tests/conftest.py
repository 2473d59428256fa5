"""Settings every test shares."""

from hypothesis import settings

# No test is timed: the first example of a run may pay for an import of seconds on a busy machine.
settings.register_profile("zorgdata", deadline=None)
settings.load_profile("zorgdata")
