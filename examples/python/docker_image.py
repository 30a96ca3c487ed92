"""Runs a program in a container: docker_image.py [IMAGE]."""

import sys

from llm_sandbox import DefaultImage, SandboxBackend, SandboxSession


def main(image: str) -> None:
    with SandboxSession(
        lang="python",
        backend=SandboxBackend.DOCKER,
        image=image,
        runtime_configs={"mem_limit": "256m", "environment": {"GREETING": "hello"}},
    ) as session:
        result = session.run("import os, sys; print(os.environ['GREETING'], sys.version_info.major)")
        print(result.stdout.strip())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DefaultImage.PYTHON)
