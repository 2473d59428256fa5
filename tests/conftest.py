"""Settings every test shares."""

import os

from hypothesis import settings

# No test is timed: the first example of a run may pay for an import of seconds on a busy machine.
settings.register_profile("zorgdata", deadline=None)
# A change is judged on the same examples every time; whoever develops searches for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("ZORGDATA_EXAMPLES", "zorgdata"))
