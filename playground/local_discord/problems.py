"""What is wrong with a body, in the tree that Discord answers with (code 50035)."""

from collections.abc import Iterable

from playground.local_discord.errors import ApiError, Code
from playground.local_discord.json_types import Json

Path = tuple[str | int, ...]


class Problems:
    """A growing list of faults, each at a path into the body."""

    def __init__(self) -> None:
        self.found: list[tuple[Path, str, str]] = []

    def add(self, path: Path, code: str, words: str) -> None:
        """Note one fault."""
        self.found.append((path, code, words))

    def length(self, path: Path, value: Iterable[object] | None, at_most: int) -> None:
        """Note a text or list that is longer than Discord allows."""
        size = 0 if value is None else len(list(value))
        if size > at_most:
            words = f"Must be {at_most} or fewer in length."
            self.add(path, "BASE_TYPE_MAX_LENGTH", words)

    def between(self, path: Path, value: Iterable[object] | None, least: int, most: int) -> None:
        """Note a text or list whose length is out of bounds; absence counts as length zero."""
        size = 0 if value is None else len(list(value))
        if not least <= size <= most:
            words = f"Must be between {least} and {most} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", words)

    def tree(self) -> Json:
        """Return the faults nested by path, as Discord does."""
        root: Json = {}
        for path, code, words in self.found:
            node = root
            for step in path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": words})
        return root

    def raise_if_any(self) -> None:
        """Refuse the body if anything is wrong with it.

        Raises:
            ApiError: With code 50035 and all faults.
        """
        if self.found:
            raise ApiError(Code.INVALID_FORM_BODY, self.tree())
