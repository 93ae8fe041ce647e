"""Takes each guard out, one after the other, and runs the tests that ought to notice.

A guard is a statement that refuses: an `authorize`, a check of state or standing, a policy, a
token. It is taken out of the function in memory, in a process of its own that then runs the named
tests; the files stay as they are. Run it: python -m tests.mutations [one of N].
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any
from zlib import crc32

from drafter import services

AUTHORITY = "tests/services/test_authority.py"
SIGNING = "tests/services/signing_in"
OWN = f"{SIGNING}/test_own.py"
SEATING = "tests/services/test_seating.py"
FORMER_HOLDERS = "tests/services/test_former.py"
TOKENS = "tests/services/signing_in/test_tokens.py"
VOTES = (
    "tests/people/test_votes.py",
    "tests/people/test_decisions.py",
    "tests/services/test_voting.py",
    "tests/services/test_deciding.py",
    "tests/services/test_batching.py",
    "tests/services/test_moving.py",
    "tests/services/test_statements.py",
)
GUARDS, ENTERING = "tests/web/test_guards.py", "tests/web/test_second_factor.py"
FORMER = (
    "tests/web/test_permissions.py::"
    "test_whom_a_route_is_not_for_is_refused_and_changes_nothing[former-put]"
)

SERVICES = tuple(
    found.name
    for found in pkgutil.iter_modules(services.__path__)
    if hasattr(importlib.import_module(f"drafter.services.{found.name}"), "authorize")
)
"""Every module of services that asks the table."""
STATE = (
    "people.ballots",
    "people.links",
    "people.motions",
    "people.persons",
    "services.batching",
    "services.deciding",
    "services.moving",
    "services.statements",
    "services.voting",
)


@dataclass(frozen=True)
class Mutation:
    """A guard, how it is taken out, and the tests that must fail then."""

    name: str
    apply: Callable[[], None]
    tests: tuple[str, ...]


def mutations() -> Iterator[Mutation]:
    """List every guard."""
    for name in SERVICES:
        yield from _authorizations(importlib.import_module(f"drafter.services.{name}"))
    yield from _policies()
    for name in SERVICES:
        yield from _standings(importlib.import_module(f"drafter.services.{name}"))
    for name in STATE:
        yield from _state_checks(importlib.import_module(f"drafter.{name}"))
    yield from _of_the_web()


def run(mutation: Mutation) -> bool:
    """Tell whether the tests notice that a guard is gone."""
    child = os.fork()
    if child == 0:
        os._exit(_run_here(mutation))
    _, ended = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(ended)
    if code not in (0, 1):
        raise RuntimeError(f"{mutation.name}: its tests could not be run ({code})")
    return code == 1


def _run_here(mutation: Mutation) -> int:
    import pytest

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    mutation.apply()
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not full"]
    return int(pytest.main([*options, *mutation.tests]))


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    for name, found in vars(module).items():
        if isinstance(found, FunctionType) and found.__module__ == module.__name__:
            yield name, found


def _tree(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def _replace(function: FunctionType, tree: ast.Module) -> None:
    """Give the function the code of a changed tree, in place: whoever imported it has it too."""
    (made,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    made.decorator_list = []
    future = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
    tree.body.insert(0, future)
    scope: dict[str, Any] = {}
    code = compile(ast.fix_missing_locations(tree), function.__code__.co_filename, "exec")
    exec(code, function.__globals__, scope)
    inner = inspect.unwrap(function)
    inner.__code__ = scope[made.name].__code__


class _Without(ast.NodeTransformer):
    """Takes out the statement that begins in one line."""

    def __init__(self, line: int) -> None:
        self.line = line

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.stmt) and node.lineno == self.line:
            return ast.copy_location(ast.Pass(), node)
        return super().generic_visit(node)


def _called(node: ast.AST) -> str:
    call = node.value if isinstance(node, ast.Expr) else None
    return getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""


def _is_refusal(node: ast.AST) -> bool:
    """`if …: raise …`, or a call of a check that raises."""
    if isinstance(node, ast.If) and not node.orelse:
        return len(node.body) == 1 and isinstance(node.body[0], ast.Raise)
    return _called(node).lstrip("_").startswith("require_")


def _without(function: FunctionType, line: int) -> Callable[[], None]:
    return lambda: _replace(function, _Without(line).visit(_tree(function)))


def _authorizations(module: ModuleType) -> Iterator[Mutation]:
    for name, function in _functions(module):
        if name.startswith("_"):
            continue  # whoever calls it has asked, or asks next
        signed = "signed" in inspect.signature(function).parameters
        own = f"{OWN}::test_each_asks_the_table_first[{name}]"
        table = (
            f"{AUTHORITY}::test_a_verb_that_the_table_lacks_is_refused_to_everybody[sqlite-{name}]"
        )
        several = f"{AUTHORITY}::test_a_verb_that_asks_for_several_things_needs_each"
        anybody = f"{AUTHORITY}::test_what_anybody_may_confirm_is_asked_for_too"
        for node in ast.walk(_tree(function)):
            if _called(node) == "authorize":
                assert isinstance(node, ast.stmt)
                test = own if signed and name != "authenticate" else table
                what = f"{module.__name__}.{name}: authorize, line {node.lineno}"
                tests = (test, several, anybody) if test == table else (test,)
                yield Mutation(what, _without(function, node.lineno), tests)


def _policies() -> Iterator[Mutation]:
    import tempfile
    from pathlib import Path

    from drafter.services.instance import Instance
    from drafter.web.app import create_app
    from drafter.web.policy import Policy

    with tempfile.TemporaryDirectory() as folder:
        instance = Instance.create(Path(folder) / "instance")
        views = dict(create_app(instance).view_functions)
        instance.close()
    test = "tests/web/test_permissions.py::test_each_route_demands_what_the_table_says"
    for endpoint, view in views.items():
        if getattr(getattr(view, "policy", None), "action", None) is not None:
            own = inspect.unwrap(view)
            yield Mutation(
                f"{endpoint}: policy",
                lambda own=own: setattr(own, "policy", Policy(None)),  # type: ignore[misc]
                (test,),
            )


class _Unasked(ast.NodeTransformer):
    """Opens the database without asking whether the actor still holds what they act as."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "acting":
            return ast.parse("instance.database.writing()", mode="eval").body
        return node


def _standings(module: ModuleType) -> Iterator[Mutation]:
    for name, function in _functions(module):
        tree = _tree(function)
        if any(isinstance(n, ast.Attribute) and n.attr == "acting" for n in ast.walk(tree)):
            yield Mutation(
                f"{module.__name__}.{name}: standing",
                lambda function=function: _replace(function, _Unasked().visit(_tree(function))),  # type: ignore[misc]
                (FORMER_HOLDERS, SEATING, SIGNING),
            )
        for node in ast.walk(tree):
            if _called(node) in ("require_still", "require_may_change", "require_proven"):
                assert isinstance(node, ast.stmt)
                what = f"{module.__name__}.{name}: {_called(node)}"
                tests = (FORMER_HOLDERS, SEATING, SIGNING)
                yield Mutation(what, _without(function, node.lineno), tests)


def _state_checks(module: ModuleType) -> Iterator[Mutation]:
    tests = VOTES
    if module.__name__.endswith(("links", "persons")):
        tests = ("tests/people/test_sign_in.py", "tests/people/test_persons.py")
    own = f"test_{module.__name__.rpartition('.')[2]}."
    tests = tuple(sorted(tests, key=lambda each: own not in each))  # which notices it soonest
    for name, function in _functions(module):
        for node in ast.walk(_tree(function)):
            if _is_refusal(node) and _called(node) != "require_still":
                assert isinstance(node, ast.stmt)
                what = f"{module.__name__}.{name}: state, line {node.lineno}"
                yield Mutation(what, _without(function, node.lineno), tests)


def _of_the_web() -> Iterator[Mutation]:
    from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

    from drafter.services import factors, passkeys, signing_in, standing, tokens
    from drafter.services.signing_in import SignedIn
    from drafter.web import policy, security

    def become(owner: object, name: str, instead: object) -> Callable[[], None]:
        return lambda: setattr(owner, name, instead)

    def nothing(*given: object, **named: object) -> None:
        return None

    def always(*given: object, **named: object) -> bool:
        return True

    due = property(lambda self: self.claimed)
    for name, apply, test in (
        ("tokens in forms", become(CSRFProtect, "protect", nothing), GUARDS),
        ("forms of other sites", become(security, "refuse_other_sites", nothing), GUARDS),
        ("redirects inside", become(security, "local", lambda address: address), GUARDS),
        ("policies", become(policy, "check", nothing), ENTERING),
        ("limits", become(policy, "_count", nothing), ENTERING),
        ("the second factor", become(SignedIn, "actor", due), ENTERING),
        ("signing out", become(signing_in, "sign_out", nothing), ENTERING),
        ("the age of a session", become(signing_in, "_is_over", lambda *_: False), SIGNING),
        ("standing at each request", become(signing_in, "holds", always), FORMER),
        ("the age of a token", become(tokens, "_is_over", lambda *_: False), TOKENS),
        ("standing of a token", become(tokens, "holds", always), FORMER),
        ("a factor before a factor", become(factors, "may_change", always), SIGNING),
        ("guesses of a code", become(factors, "_count", nothing), SIGNING),
        ("whose passkey", become(passkeys, "_verified", lambda *_: 1), SIGNING),
        ("standing when it is written", become(standing, "holds", always), SEATING),
    ):
        yield Mutation(name, apply, (test,))


def main(every: int = 1) -> int:
    """Take out each guard, or one of so many; print those that nobody noticed.

    Which these are follows from their names: a guard more elsewhere chooses no others.
    """
    tried = [one for one in mutations() if crc32(one.name.encode()) % every == 0]
    unnoticed = []
    for one in tried:
        if not run(one):
            unnoticed.append(one.name)
            print(f"unnoticed: {one.name}", flush=True)
    share = 100 * (len(tried) - len(unnoticed)) / len(tried)
    print(f"{len(tried)} guards, {share:.1f} % noticed")
    return 0 if share >= 95 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
