"""Many programs, each in a fresh sandbox of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, Union

from llm_sandbox._model import shown
from llm_sandbox._requests import RunOptions, clean, code_request, refuse_unknown, whole
from llm_sandbox.const import SandboxBackend
from llm_sandbox.exceptions import ValidationError, WrongTypeError
from llm_sandbox.session import create_session

if TYPE_CHECKING:
    from llm_sandbox._described import Described
    from llm_sandbox.data import ConsoleOutput

_MOST_AT_ONCE = 100_000
_MOST_RETRIES = 1_000
_ABOUT_A_PROGRAM = ("id", "code", *RunOptions._fields)


@dataclass(frozen=True)
class ProgramResult:
    """What came of a program.

    Attributes:
        id: Its name.
        output: What it printed and how it ended, also where its time was up; None where there is an error.
        error: Why its sandbox failed, which says nothing about the program; or a `UnicodeDecodeError` where what it
            printed is not UTF-8, and its session is strict about that.
    """

    id: str
    output: Optional[ConsoleOutput] = None
    error: Optional[Exception] = None


def run_many(
    programs: Iterable[Union[str, Mapping[str, Any]]],
    *,
    backend: Optional[Union[SandboxBackend, str]] = None,
    concurrency: Optional[int] = None,
    retries: int = 0,
    **kwargs: Any,
) -> Iterator[ProgramResult]:
    """Runs programs, each in a fresh sandbox of its own, and gives their results as they finish.

    Args:
        programs: Texts of programs, which are named by their place, from "0"; or dicts with `code` and what `run` has
            besides: `id`, `timeout`, `stdin`, `args`, `env`, `files`, `workdir`.
        backend: As `create_session` has.
        concurrency: How many run at once; as many as there are processors, if not given.
        retries: How often a program is tried again whose sandbox failed.
        **kwargs: As the backend's class of sessions has.

    Yields:
        A result for each, in the order they finish. Leaving early stops the rest.

    Raises:
        ValidationError: A value cannot be used; nothing was run then.
    """
    from llm_sandbox import _native

    if concurrency is not None:
        whole("concurrency", concurrency, 1, _MOST_AT_ONCE)
    whole("retries", retries, 0, _MOST_RETRIES)
    if isinstance(programs, (str, bytes, Mapping)) or not isinstance(programs, Iterable):
        raise WrongTypeError(f"programs: {shown(programs)} are no programs", hint="give a list of them")
    described = create_session(backend, **kwargs)._described
    jobs = [_job(at, program) for at, program in enumerate(programs)]
    results = _native.run_many(described.options(), jobs, concurrency, retries)
    return _results(results, described)


def _results(results: Any, described: Described) -> Iterator[ProgramResult]:
    try:
        while (done := results.next().wait()) is not None:
            yield _result(described, *done)
    finally:
        results.stop().wait()


def _result(described: Described, name: str, result: Any, error: Optional[Exception]) -> ProgramResult:
    if result is None:
        return ProgramResult(name, error=error)
    try:
        return ProgramResult(name, described.output_at_all(result))
    except UnicodeDecodeError as undecodable:
        return ProgramResult(name, error=undecodable)


def _job(at: int, program: Union[str, Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    if isinstance(program, (str, bytes)):
        return str(at), code_request(program, RunOptions())
    if not isinstance(program, Mapping) or "code" not in program:
        raise WrongTypeError(f"programs[{at}]: {shown(program)} is no program", hint="give a text, or a dict with code")
    refuse_unknown(f"programs[{at}]", program, _ABOUT_A_PROGRAM, ValidationError)
    options = {name: value for name, value in program.items() if name in RunOptions._fields}
    return _name(f"programs[{at}].id", program.get("id", at)), code_request(program["code"], RunOptions(**options))


def _name(where: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise WrongTypeError(f"{where}: {shown(value)} is not a name", hint="give a string or a number")
    return clean(where, str(value))
