"""Compares the package with the API it stands in for, name by name, and writes COMPATIBILITY.md.

`python-api.json` has what that API is, read off by introspection. For each of its names the installed `llm_sandbox` is
looked at: it is the same, or wider in a way that is told, or `reasons.py` says why it is not. Nothing is taken for
granted: what is neither is a failure, and so is a reason for something that is the same.

    python table.py            # says what is not accounted for
    python table.py --write    # writes COMPATIBILITY.md anew
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Any, Optional

from reasons import REASONS, Reason

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[1] / "COMPATIBILITY.md"

IMPORTS = {"TYPE_CHECKING"}
"""What introspection found in modules that only import it."""

SAME, WIDER, LATER, ABSENT, MISSING, DIFFERENT = "same", "wider", "later", "absent", "missing", "different"


@dataclass(frozen=True)
class Finding:
    """What became of a name: its status as it was found, and in which way it differs."""

    status: str
    how: str = ""


@dataclass(frozen=True)
class Row:
    """A name, what is said of it, and what is wrong with that."""

    module: str
    name: str
    finding: Finding
    reason: Optional[Reason]

    @property
    def status(self) -> str:
        return self.reason.status if self.reason else self.finding.status

    @property
    def note(self) -> str:
        notes = [self.finding.how if self.finding.status == WIDER else "", self.reason.why if self.reason else ""]
        return "; ".join(note for note in notes if note) or self.finding.how

    @property
    def problem(self) -> Optional[str]:
        found, key = self.finding, f"{self.module}:{self.name}"
        if self.reason is None:
            return (
                None
                if found.status in (SAME, WIDER)
                else f"{key}: {found.status} ({found.how}), and no reason is given"
            )
        if self.reason.status == WIDER and found.status == MISSING:
            return f"{key}: said to be wider, and is missing"
        if self.reason.status == ABSENT and found.status in (SAME, WIDER):
            return f"{key}: said to be absent, and is there"
        return None


@dataclass(frozen=True)
class Parameter:
    """A parameter as a signature has it."""

    name: str
    kind: str
    default: Optional[str]


def rows() -> list[Row]:
    """A row for every name of the API."""
    api = json.loads((HERE / "python-api.json").read_text())
    return [
        Row(module, name, finding, reason_of(f"{module}:{name}"))
        for module, names in api.items()
        for name, finding in findings(module, names)
        if name not in IMPORTS
    ]


def problems(found: list[Row]) -> list[str]:
    """What is not accounted for, and reasons that nothing needs."""
    keys = [f"{row.module}:{row.name}" for row in found]
    unused = [pattern for pattern in REASONS if not any(fnmatchcase(key, pattern) for key in keys)]
    return [row.problem for row in found if row.problem] + [f"{pattern}: there is no such name" for pattern in unused]


def reason_of(key: str) -> Optional[Reason]:
    """The reason for a name, that for it alone before one for many."""
    if key in REASONS:
        return REASONS[key]
    return next((reason for pattern, reason in REASONS.items() if fnmatchcase(key, pattern)), None)


def findings(module: str, names: dict[str, Any]) -> Iterator[tuple[str, Finding]]:
    """What became of each name of a module, and of what is in its classes."""
    ours = imported(module)
    for name, known in names.items():
        value = getattr(ours, name, None) if ours else None
        if ours is None or not hasattr(ours, name):
            missing = Finding(MISSING, "the module is missing" if ours is None else "not there")
            yield from ((each, missing) for each in [name, *(f"{name}.{part}" for part in parts_of(known))])
        elif "re-exported from" in known:
            yield name, re_exported(value, name, known["re-exported from"])
        elif "constant" in known:
            yield name, compared(known["constant"], repr(value))
        elif "function" in known:
            yield name, signatures(known["function"], value)
        else:
            yield name, class_itself(known, value)
            yield from ((f"{name}.{part}", finding) for part, finding in class_findings(known, value))


def parts_of(known: dict[str, Any]) -> list[str]:
    own = ["__init__"] if "init" in known else []
    return [*own, *known.get("members", {}), *known.get("fields", {}), *known.get("methods", {})]


def class_findings(known: dict[str, Any], ours: type) -> Iterator[tuple[str, Finding]]:
    if "init" in known:
        yield "__init__", signatures(known["init"], ours.__init__)
    for member, value in known.get("members", {}).items():
        yield (
            member,
            compared(repr(value), repr(ours[member].value)) if member in ours.__members__ else Finding(MISSING),
        )
    for name, attributes in known.get("fields", {}).items():
        yield name, field_finding(ours, name, attributes)
    for name, signature in known.get("methods", {}).items():
        yield name, method_finding(ours, name, signature)


def imported(module: str) -> Optional[ModuleType]:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name and module.startswith(error.name):
            return None
        raise


def compared(known: str, ours: str) -> Finding:
    return Finding(SAME) if known == ours else Finding(DIFFERENT, f"{ours} instead of {known}")


def re_exported(value: object, name: str, origin: str) -> Finding:
    there = imported(origin)
    if there is not None and getattr(there, name, None) is value:
        return Finding(SAME)
    return Finding(DIFFERENT, f"not the one of {origin}")


def class_itself(known: dict[str, Any], ours: type) -> Finding:
    """What a class is derived from, and what it has besides."""
    names = {each.__name__ for each in inspect.getmro(ours)} | {"BaseModel" if hasattr(ours, "model_fields") else ""}
    lacking = [base for base in known["bases"] if base not in names]
    if lacking:
        return Finding(DIFFERENT, f"not derived from {', '.join(lacking)}")
    if known.get("fields") and dataclasses.is_dataclass(ours):
        positions = list(inspect.signature(ours).parameters)[: len(known["fields"])]
        if positions != list(known["fields"]):
            return Finding(DIFFERENT, f"takes {', '.join(positions)} in that order")
    more = [each for each in has(ours) if each not in known.get("members", {}) and each not in known.get("fields", {})]
    return Finding(WIDER, "also has " + ", ".join(f"`{each}`" for each in more)) if more else Finding(SAME)


def has(ours: type) -> list[str]:
    """The members or fields of a class."""
    if issubclass(ours, Enum):
        return list(ours.__members__)
    if hasattr(ours, "model_fields"):
        return list(ours.model_fields)
    return [each.name for each in dataclasses.fields(ours)] if dataclasses.is_dataclass(ours) else []


def field_finding(ours: type, name: str, known: dict[str, Any]) -> Finding:
    default = default_of(ours, name)
    if default is None:
        return Finding(MISSING)
    finding = compared(known["default"], default)
    broken = [each for each in known.get("constraints", []) if not holds(ours, name, each)]
    return Finding(DIFFERENT, f"does not hold to {broken[0]}") if broken else finding


def default_of(ours: type, name: str) -> Optional[str]:
    """What a field is by default, in the words of the table; None if there is no such field."""
    if hasattr(ours, "model_fields"):
        field = ours.model_fields.get(name)
        if field is None:
            return None
        return "required" if field.is_required() else repr(field.get_default())
    found = {each.name: each for each in dataclasses.fields(ours)}.get(name)
    if found is None:
        return None
    if found.default is not dataclasses.MISSING:
        return repr(found.default)
    return "required" if found.default_factory is dataclasses.MISSING else "factory"


def holds(model: type, name: str, constraint: str) -> bool:
    """Whether a model refuses what a bound of the API forbids."""
    kind, bound = re.fullmatch(r"(Ge|Gt)\(\w+=(\d+)\)", constraint).groups()
    try:
        model(**{name: int(bound) - (kind == "Ge")})
    except ValueError:
        return True
    return False


def method_finding(ours: type, name: str, known: str) -> Finding:
    try:
        value = inspect.getattr_static(ours, name)
    except AttributeError:
        return Finding(MISSING)
    if known == "property" or isinstance(value, property):
        return compared(
            "property" if known == "property" else "a method", "property" if isinstance(value, property) else "a method"
        )
    kind = {staticmethod: "static ", classmethod: "class "}.get(type(value), "")
    known_kind = re.match("static |class |", known)[0]
    if kind != known_kind:
        return Finding(
            DIFFERENT, f"{kind.strip() or 'an instance'} method instead of {known_kind.strip() or 'an instance'}"
        )
    return signatures(known[len(known_kind) :], getattr(value, "__func__", value))


def signatures(known: str, ours: Any) -> Finding:
    """Compares two signatures, parameter by parameter: name, kind and default."""
    theirs, own = parsed(known), [parameter(each) for each in inspect.signature(ours).parameters.values()]
    by_name = {each.name: each for each in own}
    differences = [differing(each, by_name.get(each.name)) for each in theirs]
    more = [each for each in own if each.name not in {known.name for known in theirs}]
    differences += [f"needs {each.name}" for each in more if each.default is None and not each.kind.startswith("VAR")]
    positions = [[each.name for each in some if each.kind.startswith("POSITIONAL")] for some in (theirs, own)]
    if not any(differences) and positions[1][: len(positions[0])] != positions[0]:
        differences.append("in another order")
    told = "; ".join(each for each in differences if each)
    if told:
        return Finding(DIFFERENT, told)
    return Finding(WIDER, "also takes " + ", ".join(f"`{each.name}`" for each in more)) if more else Finding(SAME)


def differing(known: Parameter, ours: Optional[Parameter]) -> str:
    if ours is None:
        return f"does not take {known.name}"
    if ours.kind != known.kind:
        return f"{known.name} is {ours.kind} instead of {known.kind}"
    if ours.default != known.default:
        return f"{known.name} is {ours.default} instead of {known.default} by default"
    return ""


def parameter(ours: inspect.Parameter) -> Parameter:
    default = None if ours.default is ours.empty else repr(ours.default)
    return Parameter(ours.name, ours.kind.name, default)


def parsed(signature: str) -> list[Parameter]:
    """The parameters of a signature as `inspect` prints it."""
    inside = signature[1 : closing(signature, 0)]
    kind, found = "POSITIONAL_OR_KEYWORD", []
    for part in split(inside, ","):
        name_and_type, _, default = (each.strip() for each in partition(part, "="))
        name = split(name_and_type, ":")[0].strip()
        if name == "*":
            kind = "KEYWORD_ONLY"
        elif name == "/":
            found = [dataclasses.replace(each, kind="POSITIONAL_ONLY") for each in found]
        elif name.startswith("**"):
            found.append(Parameter(name[2:], "VAR_KEYWORD", None))
        elif name.startswith("*"):
            found.append(Parameter(name[1:], "VAR_POSITIONAL", None))
            kind = "KEYWORD_ONLY"
        elif name:
            found.append(Parameter(name, kind, default or None))
    return found


def split(text: str, at: str) -> list[str]:
    """The parts between separators that are in no brackets and no quotes."""
    parts, start = [], 0
    for place in outside(text):
        if text[place] == at:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def partition(text: str, at: str) -> tuple[str, str, str]:
    place = next((place for place in outside(text) if text[place] == at), None)
    return (text, "", "") if place is None else (text[:place], at, text[place + 1 :])


def closing(text: str, opening: int) -> int:
    """Where the bracket closes that opens there."""
    depth = 0
    for place, character in enumerate(text[opening:], opening):
        depth += (character in "([{<") - (character in ")]}>" and text[place - 1] != "-")
        if depth == 0:
            return place
    raise ValueError(f"nothing closes in {text!r}")


def outside(text: str) -> Iterator[int]:
    """The places that are in no brackets and no quotes."""
    depth, quote = 0, ""
    for place, character in enumerate(text):
        if quote or character in "'\"":
            quote = "" if character == quote else quote or character
        elif character in "([{<":
            depth += 1
        elif character in ")]}>":
            depth -= 1
        elif depth == 0:
            yield place


def document(found: list[Row]) -> str:
    """COMPATIBILITY.md."""
    counts = {
        status: sum(row.status == status for row in found)
        for status in (SAME, WIDER, LATER, ABSENT, MISSING, DIFFERENT)
    }
    lines = [
        "# Compatibility",
        "",
        "Every public name of the Python API that this package stands in for (llm-sandbox 0.3.46, as introspection"
        " shows it), and what became of it here. Written by `python/tests/compat/table.py`; a test keeps it so.",
        "",
        "| | names | means |",
        "| --- | --- | --- |",
        *(f"| {status} | {counts[status]} | {MEANINGS[status]} |" for status in counts if counts[status]),
        "",
        "Where values are concerned, all that is valid there is valid here, but for this:",
        "",
        *(f"- {each}" for each in STRICTER),
    ]
    for module in dict.fromkeys(row.module for row in found):
        lines += ["", f"## {module}", "", "| name | | how, or why |", "| --- | --- | --- |"]
        lines += [f"| `{row.name}` | {row.status} | {cell(row.note)} |" for row in found if row.module == module]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


MEANINGS = {
    SAME: "the same name, values, parameters and defaults",
    WIDER: "all of that, and more",
    LATER: "it will come; until then the name is missing, or says so when it is used",
    ABSENT: "it will not come, for the reason given",
    MISSING: "**not accounted for**",
    DIFFERENT: "**not accounted for**",
}

STRICTER = (
    "names of parameters that are not there are refused, with the nearest one that is; there they are ignored;",
    "times are numbers of seconds, zero or more: `nan` and negative numbers are refused;",
    "numbers and severities are no truth values: `True` is refused where there it is 1;",
    "`execution_timeout=0` is a limit of no time, as zero is everywhere; there it means that nothing is set;",
    "`image`, `dockerfile` and `container_id` are not empty, and `workdir` is an absolute path;",
    "`session_timeout=0` is refused, as it would leave no time for anything; there it means that nothing is set;",
    "programs are not empty, have no NUL byte and are not longer than 16 MiB;",
    "a directory is copied from the sandbox to where nothing is, or to an empty directory;",
    "what takes output as it comes is a plain function, even in an event loop;",
    "names of libraries and modules are not empty; those of libraries are quoted, and are no options of an installer;",
    "what is registered as a handler is a class derived from `AbstractLanguageHandler`.",
)


def main(arguments: list[str]) -> int:
    found = rows()
    if "--write" in arguments:
        DOCUMENT.write_text(document(found))
    for problem in problems(found):
        sys.stderr.write(f"{problem}\n")
    return 1 if problems(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
