"""Asks whether a fault is known in what a lock file names: `python ops/audit.py requirements/run.txt`.

pip-audit asks a public database. Where there is none to ask, it fails as if faults had been found, or calls all fine that
it could not look up; so its answer is read here, and what was not looked up is said. What follows the file is handed on,
such as `--ignore-vuln ID` for a fault that is known and does not matter here.
"""

import json
import subprocess
import sys
from typing import Any


def ask(lock: str, *options: str) -> tuple[dict[str, Any] | None, str]:
    """The answer for every package, or `None` where there is none; and the reason."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(result.stdout), ""
    except ValueError:
        said = [line.strip() for line in result.stderr.splitlines() if line.strip()]
        return None, said[-1][:200] if said else f"it ended with {result.returncode}"


def judge(answer: dict[str, Any] | None, reason: str) -> tuple[int, list[str]]:
    """The exit code, and what to tell."""
    if answer is None:
        return 0, [f"SKIPPED: known faults were not looked up. {reason}"]
    packages = answer["dependencies"]
    unknown = [one for one in packages if "skip_reason" in one]
    if len(unknown) == len(packages):
        return 0, [
            f"SKIPPED: known faults were not looked up. The database has no answer for any of {len(packages)}."
        ]
    told = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for one in packages
        for fault in one.get("vulns", ())
    ]
    looked_up = f"{len(packages) - len(unknown)} packages were looked up, {len(unknown)} could not be."
    return (1, [*told, looked_up]) if told else (0, [f"No known faults. {looked_up}"])


def main(arguments: list[str]) -> int:
    """Asks, and tells."""
    code, lines = judge(*ask(*arguments))
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
