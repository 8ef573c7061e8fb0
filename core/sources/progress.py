"""Progress of a read in rooms, whatever its requests are about."""

from core.sources.base import Progress


class ProgressReporter:
    """Converts the steps of a read to a number of rooms, and reports it."""

    def __init__(self, progress: Progress, rooms: int) -> None:
        self._progress = progress
        self._rooms = rooms
        self._steps = 1
        self._done = 0

    def set_steps(self, steps: int) -> None:
        """Set of how many steps of equal size the read consists."""
        self._steps = steps

    def steps_done(self, steps: int = 1) -> None:
        """Report that so many more steps are done, with or without success."""
        self._done += steps
        self._progress(self._rooms * self._done // self._steps, self._rooms)

    def finish(self) -> None:
        """Report that all rooms are done, if that was not reported yet."""
        if self._done < self._steps:
            self._progress(self._rooms, self._rooms)
