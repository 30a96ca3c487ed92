"""Policies: what code must not do, told by reading it before it runs."""

from llm_sandbox.security.policy import (
    POLICIES,
    PresetPolicy,
    RestrictedModule,
    SecurityIssueSeverity,
    SecurityPattern,
    SecurityPolicy,
    Violation,
    get_security_policy,
)

__all__ = [
    "POLICIES",
    "PresetPolicy",
    "RestrictedModule",
    "SecurityIssueSeverity",
    "SecurityPattern",
    "SecurityPolicy",
    "Violation",
    "get_security_policy",
]
