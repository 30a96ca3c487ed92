"""Records whose values are checked when they are made.

A model names its fields by `field`, with a check each. It is made by keyword only, tells all that is wrong with what it
was given in one `ValidationError`, and is otherwise used like a model of pydantic: values can be assigned afterwards
without being checked, and there are `model_dump`, `model_validate` and the like.
"""

from __future__ import annotations

import copy
import inspect
import json
import math
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Callable, ClassVar, Optional, TypeVar, Union

from llm_sandbox._checks import Check, Refused, boolean, joined, nearest, shown
from llm_sandbox.exceptions import ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_options: Any) -> Callable[[Any], Any]:
        """Tells type checkers something, and does nothing."""
        return lambda decorated: decorated


__all__ = ["Model", "ModelField", "Refused", "boolean", "field", "model", "nearest", "shown"]

_REQUIRED: Any = inspect.Parameter.empty


class ModelField:
    """A value that a model has.

    Attributes:
        name: Its name.
        annotation: Its type, as it is written.
        default: What it is where nothing is given.
        default_factory: What makes that, where it is not shared.
    """

    __slots__ = ("annotation", "check", "default", "default_factory", "name")

    def __init__(self, check: Check, default: Any, default_factory: Optional[Callable[[], Any]]) -> None:
        """Takes its check, and what it is by default."""
        self.check = check
        self.default = default
        self.default_factory = default_factory
        self.name = ""
        self.annotation = ""

    def is_required(self) -> bool:
        """Whether something has to be given."""
        return self.default is _REQUIRED and self.default_factory is None

    def get_default(self) -> Any:
        """What it is where nothing is given."""
        return self.default if self.default_factory is None else self.default_factory()

    def default_of_missing(self) -> Any:
        """The same where something may be missing.

        Raises:
            Refused: Something has to be given.
        """
        if self.is_required():
            raise Refused("it is missing", f"give {self.name}")
        return self.get_default()

    def __repr__(self) -> str:
        """Its type, and what it is by default."""
        default = "required" if self.is_required() else f"default={self.get_default()!r}"
        return f"ModelField({self.name}: {self.annotation}, {default})"


def field(check: Check, *, default: Any = _REQUIRED, default_factory: Optional[Callable[[], Any]] = None) -> Any:
    """A field of a model.

    Args:
        check: What a value has to pass.
        default: What it is where nothing is given; without one, something has to be.
        default_factory: What makes that, where each model needs its own.
    """
    return ModelField(check, default, default_factory)


class _Signature:
    """The signature of a model's constructor, worked out when somebody asks."""

    def __get__(self, instance: object, model: type[Model]) -> inspect.Signature:
        parameters = [
            inspect.Parameter(
                each.name, inspect.Parameter.KEYWORD_ONLY, default=each.get_default(), annotation=each.annotation
            )
            for each in model.model_fields.values()
        ]
        return inspect.Signature(parameters)


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
class Model:
    """The base of all models."""

    model_fields: ClassVar[dict[str, ModelField]] = {}
    """The fields by name, in order."""

    if not TYPE_CHECKING:
        __signature__ = _Signature()

    def __init_subclass__(cls, **options: Any) -> None:
        """Takes the fields out of the class, where they would be found as if they were values."""
        super().__init_subclass__(**options)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, ModelField)}
        annotations = getattr(cls, "__annotations__", {})
        for name, each in own.items():
            each.name = name
            each.annotation = str(annotations.get(name, "Any"))
            delattr(cls, name)
        cls.model_fields = {**cls.model_fields, **own}

    if not TYPE_CHECKING:

        def __init__(self, /, **values: Any) -> None:
            """Takes the fields by name.

            Raises:
                ValidationError: A value cannot be used, something is missing, or there is no such field.
            """
            self._fill(values)
            self.model_post_init(None)

    def _fill(self, values: Mapping[str, Any]) -> None:
        refusals: list[Refused] = []
        fields, filled = self.model_fields, self.__dict__
        for name, each in fields.items():
            try:
                filled[name] = each.check(values[name]) if name in values else each.default_of_missing()
            except Refused as refused:
                refusals.append(Refused(refused.problem, refused.remedy, joined(name, refused.place)))
        unknown = [name for name in values if name not in fields]
        refusals += [_unknown(name, fields) for name in unknown]
        if refusals:
            raise _error_of(type(self), refusals)

    def model_post_init(self, __context: Any, /) -> None:
        """Looks at the values together, after each has passed its own check."""

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Makes a model of a mapping; a model is returned as it is.

        Raises:
            ValidationError: It is neither, or its values cannot be used.
        """
        if isinstance(obj, cls):
            return obj
        if not isinstance(obj, Mapping):
            raise ValidationError(
                f"{cls.__name__}: {shown(obj)} is not one", hint=f"give a {cls.__name__}, or a dict of its fields"
            )
        return cls(**_named(cls, obj))

    @classmethod
    def model_validate_json(cls, json_data: Union[str, bytes, bytearray]) -> Self:
        """Makes a model of a JSON object.

        Raises:
            ValidationError: It is no JSON, or its values cannot be used.
        """
        try:
            obj = json.loads(json_data)
        except (ValueError, TypeError, RecursionError) as error:
            raise ValidationError(
                f"{cls.__name__}: this is not JSON ({error})",
                hint=f"give an object as {cls.__name__}.model_dump_json writes it",
            ) from error
        return cls.model_validate(obj)

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Optional[Collection[str]] = None,
        exclude: Optional[Collection[str]] = None,
        exclude_none: bool = False,
        exclude_defaults: bool = False,
    ) -> dict[str, Any]:
        """The values by name, models in them as dicts, too.

        Args:
            mode: `python`, or `json` for nothing but what JSON knows.
            include: The names to take; all, if not given.
            exclude: The names to leave out.
            exclude_none: Leaves out what is None.
            exclude_defaults: Leaves out what is as it would be by default.
        """
        dumped = {}
        for name, each in self.model_fields.items():
            value = getattr(self, name)
            if (include is not None and name not in include) or (exclude is not None and name in exclude):
                continue
            if (exclude_none and value is None) or (exclude_defaults and value == each.get_default()):
                continue
            dumped[name] = _dumped(value, mode == "json", exclude_none, exclude_defaults)
        return dumped

    def model_dump_json(self, *, indent: Optional[int] = None, **options: Any) -> str:
        """The values as a JSON object.

        Args:
            indent: How many blanks to indent by; without it, all is in one line.
            options: Those of `model_dump`.

        Raises:
            ValidationError: A value has no form in JSON.
        """
        separators = (",", ":") if indent is None else None
        try:
            return json.dumps(
                self.model_dump(mode="json", **options), indent=indent, separators=separators, ensure_ascii=False
            )
        except (TypeError, ValueError, RecursionError) as error:
            raise ValidationError(
                f"{type(self).__name__}: a value has no form in JSON ({error})", hint="leave it out by exclude"
            ) from error

    def model_copy(self, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False) -> Self:
        """A copy.

        Args:
            update: Values of the copy that differ. They are not checked.
            deep: Copies what the values hold, too.
        """
        copied = copy.deepcopy(self) if deep else copy.copy(self)
        copied.__dict__.update(update or {})
        return copied

    def copy(self, *, update: Optional[Mapping[str, Any]] = None, deep: bool = False) -> Self:
        """The same as `model_copy`."""
        return self.model_copy(update=update, deep=deep)

    def __setattr__(self, name: str, value: Any) -> None:
        """Sets a field without checking its value.

        Raises:
            ValidationError: There is no such field.
        """
        if name not in self.model_fields and not name.startswith("_"):
            raise _error_of(type(self), [_unknown(name, self.model_fields)])
        self.__dict__[name] = value

    def __eq__(self, other: object) -> bool:
        """Whether the other one is of the same class, with equal values."""
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """The fields, as pairs of name and value."""
        return iter([(name, getattr(self, name)) for name in self.model_fields])

    def __repr__(self) -> str:
        """The class and its values."""
        return f"{type(self).__name__}({self._shown(', ')})"

    def __str__(self) -> str:
        """The values."""
        return self._shown(" ")

    def _shown(self, separator: str) -> str:
        return separator.join(f"{name}={value!r}" for name, value in self)


_AnyModel = TypeVar("_AnyModel", bound=Model)


def model(model_class: type[_AnyModel]) -> Check:
    """A model, or a mapping of its values."""

    def check(value: Any) -> _AnyModel:
        if not isinstance(value, (model_class, Mapping)):
            name = model_class.__name__
            raise Refused(f"{shown(value)} is not a {name}", f"give a {name}, or a dict of its fields")
        return model_class.model_validate(value)

    return check


def _unknown(name: str, fields: Collection[str]) -> Refused:
    meant = nearest(name, fields)
    remedy = f"did you mean {meant!r}?" if meant else "leave it out; there are " + ", ".join(fields)
    return Refused("there is no such parameter", remedy, shown(name)[1:-1])


def _named(cls: type[Model], obj: Mapping[Any, Any]) -> dict[str, Any]:
    strange = [key for key in obj if not isinstance(key, str)]
    if strange:
        raise ValidationError(f"{cls.__name__}: {shown(strange[0])} is no name", hint="name the fields by strings")
    return dict(obj)


def _error_of(cls: type[Model], refusals: list[Refused]) -> ValidationError:
    if len(refusals) == 1:
        only = refusals[0]
        return ValidationError(f"{cls.__name__}.{only.place}: {only.problem}", hint=only.remedy)
    problems = "; ".join(f"{each.place}: {each.problem}" for each in refusals)
    remedies = "; ".join(f"{each.place}: {each.remedy}" for each in refusals)
    return ValidationError(f"{cls.__name__}: {problems}", hint=remedies)


def _dumped(value: Any, for_json: bool, exclude_none: bool, exclude_defaults: bool) -> Any:
    if isinstance(value, Model):
        mode = "json" if for_json else "python"
        return value.model_dump(mode=mode, exclude_none=exclude_none, exclude_defaults=exclude_defaults)
    if isinstance(value, Mapping):
        return {key: _dumped(each, for_json, exclude_none, exclude_defaults) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_dumped(each, for_json, exclude_none, exclude_defaults) for each in value]
        return items if for_json or isinstance(value, list) else tuple(items)
    if not for_json:
        return value
    if isinstance(value, Enum):
        return value.value
    return None if isinstance(value, float) and not math.isfinite(value) else value
