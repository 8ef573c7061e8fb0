"""A strict reader of Prometheus's text format 0.0.4, for what the bot serves."""

import re
from dataclasses import dataclass, field

_SAMPLE = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)", re.ASCII)
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)', re.ASCII)
_SUFFIXES = ("_bucket", "_sum", "_count")


@dataclass
class Page:
    """The samples of a page by name and labels, and the kind of each metric."""

    samples: dict[tuple[str, frozenset[tuple[str, str]]], float] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def value(self, name: str, **labels: str) -> float:
        """Return one sample, 0 where there is none."""
        return self.samples.get((name, frozenset(labels.items())), 0)

    def values(self, name: str) -> dict[frozenset[tuple[str, str]], float]:
        """Return all samples of a name."""
        return {labels: value for (each, labels), value in self.samples.items() if each == name}


def read_page(text: str) -> Page:
    """Return what a page says; it must be well formed, and every sample belong to a metric."""
    assert text.endswith("\n")
    page, named = Page(), ""
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("# HELP "):
            named = line.split(" ")[2]
            assert named not in page.kinds, f"{named} comes twice"
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name == named
            assert kind in {"counter", "gauge", "histogram"}
            page.kinds[name] = kind
        else:
            _read_sample(page, named, line)
    return page


def _read_sample(page: Page, metric: str, line: str) -> None:
    found = _SAMPLE.fullmatch(line)
    assert found, line
    name, labels, value = found.groups()
    is_histogram = page.kinds[metric] == "histogram"
    assert name in ([f"{metric}{each}" for each in _SUFFIXES] if is_histogram else [metric])
    pairs = _LABEL.findall(labels or "")
    assert ",".join(f'{key}="{text}"' for key, text in pairs) == (labels or "")
    key = name, frozenset(pairs)
    assert key not in page.samples, line
    page.samples[key] = float(value)
