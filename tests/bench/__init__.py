"""`python -m tests.bench`: what the office costs, beside the raw limits of this machine. Apart from the tests."""

import os

# SDL reads these when pygame is loaded; the children of the bench inherit them.
os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ["SDL_AUDIODRIVER"] = "dummy"
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
