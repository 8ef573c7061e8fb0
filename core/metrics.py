"""Metrics in Prometheus's text format: counters, a histogram and gauges, without a library.

No label holds an id of Discord: labels are our own words.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_ANSWER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; Discord takes no first response after the last."""

Labels = tuple[str, ...]


class Counter:
    """A number that only grows, for each set of label values."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._values: dict[Labels, int] = {}

    def add(self, *values: str) -> None:
        """Count one more."""
        self._values[values] = self._values.get(values, 0) + 1

    def lines(self) -> Iterator[str]:
        """Return its lines."""
        yield from _head(self._name, self._text, "counter")
        for values, count in sorted(self._values.items()):
            yield _sample(self._name, dict(zip(self._labels, values, strict=True)), count)


class Histogram:
    """How many observations fell into each bucket, and their sum."""

    def __init__(self, name: str, text: str, buckets: tuple[float, ...]) -> None:
        self._name, self._text, self._buckets = name, text, buckets
        self._counts = [0] * (len(buckets) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count an observation."""
        self._counts[bisect_left(self._buckets, value)] += 1
        self._sum += value

    def lines(self) -> Iterator[str]:
        """Return its lines; each bucket holds those below it, too."""
        yield from _head(self._name, self._text, "histogram")
        total = 0
        for bound, count in zip((*self._buckets, "+Inf"), self._counts, strict=True):
            total += count
            yield _sample(f"{self._name}_bucket", {"le": str(bound)}, total)
        yield _sample(f"{self._name}_sum", {}, self._sum)
        yield _sample(f"{self._name}_count", {}, total)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the process counts from its start on."""

    interactions: Counter = field(
        default_factory=lambda: Counter(
            "ec_interactions_total",
            "Interactions by command and by what became of the first response.",
            "command",
            "outcome",
        )
    )
    answer_seconds: Histogram = field(
        default_factory=lambda: Histogram(
            "ec_answer_seconds",
            "Time from an interaction to its first response.",
            _ANSWER_BUCKETS,
        )
    )
    refused: Counter = field(
        default_factory=lambda: Counter(
            "ec_discord_refused_total", "Requests that Discord refused, by HTTP status.", "code"
        )
    )
    posts: Counter = field(
        default_factory=lambda: Counter(
            "ec_posts_total", "Posts by kind and by what became of them.", "kind", "outcome"
        )
    )

    def lines(self) -> Iterator[str]:
        """Return the lines of all of them."""
        for each in (self.interactions, self.answer_seconds, self.refused, self.posts):
            yield from each.lines()


def gauge_lines(
    name: str, text: str, samples: Iterable[tuple[Mapping[str, str], float]], kind: str = "gauge"
) -> Iterator[str]:
    """Return the lines of a value that is measured when it is asked for."""
    yield from _head(name, text, kind)
    for labels, value in samples:
        yield _sample(name, labels, value)


def _head(name: str, text: str, kind: str) -> tuple[str, str]:
    return f"# HELP {name} {text}", f"# TYPE {name} {kind}"


def _sample(name: str, labels: Mapping[str, str], value: float) -> str:
    pairs = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    number = round(value, 6)
    return f"{name}{{{pairs}}} {number}" if pairs else f"{name} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
