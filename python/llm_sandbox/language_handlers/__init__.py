"""The languages: how their files are run, their libraries installed and their code read."""

from llm_sandbox.language_handlers.base import (
    AbstractLanguageHandler,
    ContainerProtocol,
    LanguageConfig,
    PlotDetectionConfig,
    PlotLibrary,
)
from llm_sandbox.language_handlers.cpp_handler import CppHandler
from llm_sandbox.language_handlers.factory import LanguageHandlerFactory
from llm_sandbox.language_handlers.go_handler import GoHandler
from llm_sandbox.language_handlers.java_handler import JavaHandler
from llm_sandbox.language_handlers.javascript_handler import JavaScriptHandler
from llm_sandbox.language_handlers.python_handler import PythonHandler
from llm_sandbox.language_handlers.r_handler import RHandler
from llm_sandbox.language_handlers.ruby_handler import RubyHandler
from llm_sandbox.language_handlers.runtime_context import RuntimeContext

__all__ = [
    "AbstractLanguageHandler",
    "ContainerProtocol",
    "CppHandler",
    "GoHandler",
    "JavaHandler",
    "JavaScriptHandler",
    "LanguageConfig",
    "LanguageHandlerFactory",
    "PlotDetectionConfig",
    "PlotLibrary",
    "PythonHandler",
    "RHandler",
    "RubyHandler",
    "RuntimeContext",
]
