"""The mutations of `scripts.mutate`: small changes of a syntax tree, each made in place."""

import ast
from collections.abc import Callable, Iterator
from functools import partial

Change = Callable[[], None]

_OPPOSITES: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
_OTHER_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}


def changes_of(tree: ast.Module) -> Iterator[Change]:
    """Yield every change of a module; annotations are left alone, as they do nothing."""
    annotations = {id(part) for node in ast.walk(tree) for part in _annotation_parts(node)}
    for node in list(ast.walk(tree)):
        if id(node) not in annotations:
            yield from _expression_changes(node)
            yield from _condition_changes(node)
            yield from _statement_changes(node)


def _annotation_parts(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        if (annotation := getattr(node, name, None)) is not None:
            yield from ast.walk(annotation)
    # `Left = A | B` is a type as well; booleans and sets are rarely joined at the top.
    if isinstance(node, ast.Module):
        for statement in node.body:
            if isinstance(statement, ast.Assign):
                yield from (
                    part
                    for part in ast.walk(statement)
                    if isinstance(part, ast.BinOp) and isinstance(part.op, ast.BitOr)
                )


def _expression_changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[operator]):
            yield partial(node.ops.__setitem__, 0, _OPPOSITES[type(operator)]())
        case ast.BoolOp():
            yield partial(setattr, node, "op", _OPPOSITES[type(node.op)]())
            for at in range(len(node.values)):
                yield partial(node.values.__delitem__, at)
        case ast.BinOp() if type(node.op) in _OPPOSITES:
            yield partial(setattr, node, "op", _OPPOSITES[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            yield partial(setattr, node, "operand", ast.UnaryOp(ast.Not(), node.operand))
        case ast.Constant(value=bool(value)):
            yield partial(setattr, node, "value", not value)
        case ast.Constant(value=int(value)):
            yield partial(setattr, node, "value", value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_FUNCTIONS:
            yield partial(setattr, node.func, "id", _OTHER_FUNCTIONS[name])


def _condition_changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.If | ast.IfExp):
        for value in (True, False):
            yield partial(setattr, node, "test", ast.Constant(value))
    elif isinstance(node, ast.comprehension):
        for at in range(len(node.ifs)):
            yield partial(node.ifs.__delitem__, at)


def _statement_changes(node: ast.AST) -> Iterator[Change]:
    for name in ("body", "orelse", "finalbody"):
        # A lambda and a conditional expression have a single node there.
        body = part if isinstance(part := getattr(node, name, None), list) else []
        for at, statement in enumerate(body):
            if isinstance(statement, ast.Break | ast.Continue):
                yield partial(body.__setitem__, at, _OPPOSITES[type(statement)]())
            elif isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant):
                yield partial(body.__setitem__, at, ast.Pass())
