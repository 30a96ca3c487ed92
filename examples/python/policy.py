"""Looks at code before it runs, by a policy with a pattern of its own."""

from llm_sandbox import SandboxSession, SecurityIssueSeverity, SecurityPattern, get_security_policy

CODE = """
from os import system as run
run("rm -rf /data")
print("token-123")  # os.remove is only named in this comment
"""


def main() -> None:
    policy = get_security_policy("production")
    policy.add_pattern(
        SecurityPattern(pattern=r"token-\d+", description="a secret", severity=SecurityIssueSeverity.HIGH)
    )
    session = SandboxSession(lang="python", security_policy=policy)
    is_safe, violations = session.is_safe(CODE)
    print("safe" if is_safe else "not safe")
    for violation in violations:
        print(violation)


if __name__ == "__main__":
    main()
