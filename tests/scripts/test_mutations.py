"""What the mutation runner changes."""

import ast

import pytest

from scripts.mutations import changes_of


def mutants(source):
    """Return a module's mutants as text, blank lines left out."""
    count = sum(1 for _ in changes_of(ast.parse(source)))
    found = set()
    for number in range(count):
        tree = ast.parse(source)
        list(changes_of(tree))[number]()
        found.add(ast.unparse(tree))
    return found


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b", "pass"}),
        ("x = a in b", {"x = a not in b"}),
        ("x = a and b", {"x = a or b", "x = a", "x = b"}),
        ("x = not a", {"x = not not a"}),
        ("x = 3", {"x = 4"}),
        ("x = True", {"x = False"}),
        ("x = a + b", {"x = a - b"}),
        ("x = min(a)", {"x = max(a)"}),
        ("x = [a for a in b if a]", {"x = [a for a in b]"}),
        ("for a in b:\n    break", {"for a in b:\n    continue"}),
        ("f()", {"pass"}),
        ("x = a if b else c", {"x = a if True else c", "x = a if False else c"}),
    ],
)
def test_each_kind_of_mutation(source, expected):
    assert mutants(source) == expected


def test_docstrings_and_annotations_stay():
    source = '"""Doc."""\n\ndef f(a: int | None) -> "str | None":\n    """Doc."""\n    return a'
    assert mutants(source) == set()
