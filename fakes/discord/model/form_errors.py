"""What is wrong with a body, in the tree that Discord answers with (code 50035)."""

from collections.abc import Iterable

from fakes.discord.model.errors import ApiError, ErrorCode
from fakes.discord.model.json_types import Json

JsonPath = tuple[str | int, ...]


class FormErrors:
    """A growing list of faults, each at a path into the body."""

    def __init__(self) -> None:
        self.errors: list[tuple[JsonPath, str, str]] = []

    def add(self, path: JsonPath, code: str, message: str) -> None:
        """Note one fault."""
        self.errors.append((path, code, message))

    def check_max_length(self, path: JsonPath, value: Iterable[object] | None, limit: int) -> None:
        """Note a text or list that is longer than Discord allows."""
        size = 0 if value is None else len(list(value))
        if size > limit:
            words = f"Must be {limit} or fewer in length."
            self.add(path, "BASE_TYPE_MAX_LENGTH", words)

    def check_length(
        self, path: JsonPath, value: Iterable[object] | None, minimum: int, maximum: int
    ) -> None:
        """Note a text or list whose length is out of bounds; absence counts as length zero."""
        size = 0 if value is None else len(list(value))
        if not minimum <= size <= maximum:
            words = f"Must be between {minimum} and {maximum} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", words)

    def as_tree(self) -> Json:
        """Return the faults nested by path, as Discord does."""
        root: Json = {}
        for path, code, words in self.errors:
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
        if self.errors:
            raise ApiError(ErrorCode.INVALID_FORM_BODY, self.as_tree())
