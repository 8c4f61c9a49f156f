"""Finds what people may read, in the code that makes it: sentences and words that no catalogue knows.

A string counts as one that people read when it has two words, or one that begins with a capital letter. Left out is what
the language itself shows to be something else: docstrings, log lines, patterns, exceptions that only developers see, and
the arguments of Discord's own decorators (command names and their descriptions, for which Discord has no Welsh).
"""

import ast
import re
from collections.abc import Iterator

SAYING = {"say": 1, "later": 1, "say_count": 3}
"""The functions whose first arguments the catalogue knows, and how many of them."""

_LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}
_OWN_BUSINESS = {
    "accept",
    "compile",
    "fullmatch",
    "match",
    "search",
    "sub",
    "findall",
    "finditer",
    "strptime",
    "strftime",
}
_OWN_BUSINESS |= {
    "route",
    "getattr",
    "setattr",
    "hasattr",
    "cast",
    "TypeVar",
    "bindparam",
    "text",
    "getLogger",
}
_OWN_BUSINESS |= {
    "startswith",
    "endswith",
    "removeprefix",
    "removesuffix",
    "partition",
    "rpartition",
    "split",
}
_OWN_BUSINESS |= {
    "rsplit",
    "strip",
    "lstrip",
    "rstrip",
    "translate",
    "maketrans",
    "isoformat",
    "fromisoformat",
}
_FOR_DEVELOPERS = {"ValueError", "TypeError", "RuntimeError", "AssertionError", "LookupError", "KeyError"}
_CODE = re.compile(r"[A-Z0-9_:;/=.,\-+<>@%#|*\\\s(){}\[\]✓]*")
_COMMAND = re.compile(r"/[a-z]+( [a-z]+)*( [a-z_]+:.+)?")
"""A command, with options if any, as `/help` gives examples; `later` takes those whose words are a person's own."""
_WORD = re.compile(r"[A-Z][a-z]+[.…?!,:]?")


def is_read_by_people(text: str) -> bool:
    """Whether a string looks like something that people read."""
    words = text.strip()
    if _CODE.fullmatch(words) or _COMMAND.fullmatch(words):
        return False
    if " " in words:
        return bool(re.search("[a-z]{2}", words))
    return bool(_WORD.fullmatch(words))


def outside(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the text of each string that people may read and that no catalogue knows."""
    passed_over = set(_passed_over(tree))
    for node in ast.walk(tree):
        if node in passed_over:
            continue
        if isinstance(node, ast.JoinedStr):
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.search("[A-Za-z]{2}", words) and is_read_by_people(_with_gaps(node)):
                yield node.lineno, _with_gaps(node)
            passed_over.update(part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and is_read_by_people(node.value):
            yield node.lineno, node.value


def _with_gaps(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _passed_over(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            if _name_of(node.exc) in _FOR_DEVELOPERS:
                yield from ast.walk(node.exc)
        elif isinstance(node, ast.Compare | ast.MatchValue | ast.Assert):
            yield from ast.walk(node)
        elif isinstance(node, ast.Subscript):
            yield from ast.walk(node.slice)
        elif isinstance(node, ast.AnnAssign):
            yield from ast.walk(node.annotation)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            yield from ast.walk(node.value)
        yield from _in_definition(node)
        yield from _docstrings(node)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            yield from ast.walk(node.format_spec)


def _in_call(call: ast.Call) -> Iterator[ast.AST]:
    name = _name_of(call)
    if name in SAYING:
        yield from call.args[: SAYING[name]]
        return
    of_discord = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "app_commands"
    of_the_log = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "log"
    if name in _OWN_BUSINESS or (of_the_log and name in _LOGGING) or of_discord:
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from ast.walk(argument)


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _in_definition(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for decorator in node.decorator_list:
            yield from ast.walk(decorator)
        for annotated in (*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs):
            if annotated.annotation is not None:
                yield from ast.walk(annotated.annotation)
        if node.returns is not None:
            yield from ast.walk(node.returns)
    elif isinstance(node, ast.ClassDef):
        for keyword in node.keywords:
            yield from ast.walk(keyword)


def _docstrings(node: ast.AST) -> Iterator[ast.AST]:
    for statement in getattr(node, "body", []) if not isinstance(node, ast.Lambda | ast.IfExp) else []:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield statement.value
