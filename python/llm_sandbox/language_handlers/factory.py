"""Handlers by the names of their languages."""

from __future__ import annotations

import logging
from threading import Lock
from typing import ClassVar, Optional

from llm_sandbox._checks import shown
from llm_sandbox.const import LANGUAGE_ALIASES, SupportedLanguage
from llm_sandbox.exceptions import LanguageNotSupportedError, ValidationError
from llm_sandbox.language_handlers.base import AbstractLanguageHandler
from llm_sandbox.language_handlers.cpp_handler import CppHandler
from llm_sandbox.language_handlers.go_handler import GoHandler
from llm_sandbox.language_handlers.java_handler import JavaHandler
from llm_sandbox.language_handlers.javascript_handler import JavaScriptHandler
from llm_sandbox.language_handlers.python_handler import PythonHandler
from llm_sandbox.language_handlers.r_handler import RHandler
from llm_sandbox.language_handlers.ruby_handler import RubyHandler


class LanguageHandlerFactory:
    """Makes handlers. Those that are registered hold for the whole process; threads may do so at once."""

    _lock: ClassVar[Lock] = Lock()
    _handlers: ClassVar[dict[str, type[AbstractLanguageHandler]]] = {
        SupportedLanguage.PYTHON.value: PythonHandler,
        SupportedLanguage.JAVASCRIPT.value: JavaScriptHandler,
        SupportedLanguage.JAVA.value: JavaHandler,
        SupportedLanguage.CPP.value: CppHandler,
        SupportedLanguage.GO.value: GoHandler,
        SupportedLanguage.RUBY.value: RubyHandler,
        SupportedLanguage.R.value: RHandler,
    }

    @classmethod
    def create_handler(cls, language: str, logger: Optional[logging.Logger] = None) -> AbstractLanguageHandler:
        """A new handler of a language.

        Args:
            language: Its name, whatever the case of the letters, or another of its names, such as `py`.
            logger: Where the handler logs; its own logger, if not given.

        Raises:
            LanguageNotSupportedError: There is no such language.
        """
        name = language.strip().lower() if isinstance(language, str) else ""
        with cls._lock:
            handler_class = cls._handlers.get(name) or cls._handlers.get(LANGUAGE_ALIASES.get(name, ""))
            names = ", ".join(cls._handlers)
        if handler_class is None:
            lang = shown(language)[1:-1] if isinstance(language, str) else shown(language)
            raise LanguageNotSupportedError(lang, hint=f"use one of {names}, or register_handler one of your own")
        return handler_class(logger)

    @classmethod
    def get_supported_languages(cls) -> list[str]:
        """The names of all languages."""
        with cls._lock:
            return list(cls._handlers)

    @classmethod
    def register_handler(cls, language: str, handler_class: type[AbstractLanguageHandler]) -> None:
        """Gives a language a handler, in place of the one that it has.

        Args:
            language: Its name; the case of the letters does not matter.
            handler_class: A class of handlers, which is called with a logger.

        Raises:
            ValidationError: The name is none, or the class is none of handlers.
        """
        if not isinstance(language, str) or not language.strip():
            raise ValidationError(f"{shown(language)} is not the name of a language", hint="give a name")
        if not (isinstance(handler_class, type) and issubclass(handler_class, AbstractLanguageHandler)):
            raise ValidationError(
                f"{shown(handler_class)} is not a class of handlers", hint="derive it from AbstractLanguageHandler"
            )
        with cls._lock:
            cls._handlers[language.strip().lower()] = handler_class
