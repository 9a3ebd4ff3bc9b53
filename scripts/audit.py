"""Ask a vulnerability service about every locked package, and say plainly where it gave no answer.

python scripts/audit.py lock/runtime.txt lock/api.txt --also lock/dev.txt

Exit codes: 0 all were looked up and nothing is known against them; 1 a weakness is known; 3 some could not be looked up,
of which a clean result would say nothing. pip-audit itself ends with 0 and "No known vulnerabilities found" where its
service knows none of the packages, behind a mirror for example.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

FOUND, NO_ANSWER = 1, 3
_SECONDS = 300


def ask(lock: Path, service: str) -> list[dict[str, object]] | None:
    """What pip-audit says about each package of a lock file; None if its service could not be asked."""
    # Versions and hashes are in the file already, so nothing is resolved, downloaded or built.
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes", "--disable-pip"]
    command += ["--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        found = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return None
    return list(found)


def report(lock: Path, found: list[dict[str, object]] | None) -> int:
    """Print the result for one lock file; 0, FOUND or NO_ANSWER."""
    if found is None:
        print(f"{lock}: NOT AUDITED: the vulnerability service could not be reached")
        return NO_ANSWER
    weak = [package for package in found if package.get("vulns")]
    for package in weak:
        vulns = package["vulns"]
        assert isinstance(vulns, list)
        for vuln in vulns:
            fixed = ", ".join(vuln.get("fix_versions", [])) or "no version"
            print(f"{lock}: {package['name']} {package.get('version', '')}: {vuln['id']}, mended in {fixed}")
    unknown = [str(package["name"]) for package in found if "skip_reason" in package]
    if unknown or not found:
        shown = ", ".join(unknown[:3]) + (" ..." if len(unknown) > 3 else "")
        print(
            f"{lock}: NOT AUDITED: the vulnerability service knew nothing of {len(unknown)} of {len(found)} packages"
            + (f" ({shown})" if unknown else "")
        )
    if weak:
        return FOUND
    if unknown or not found:
        return NO_ANSWER
    print(f"{lock}: nothing is known against {len(found)} packages")
    return 0


def main() -> int:
    """Audit the lock files; the worst result is the exit code, but for those that are looked at by the way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lock", type=Path, nargs="+")
    parser.add_argument("--also", type=Path, action="append", default=[], help="report on it, whatever is found")
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi")
    options = parser.parse_args()
    codes = {report(lock, ask(lock, options.service)) for lock in options.lock}
    for lock in options.also:
        report(lock, ask(lock, options.service))
    return FOUND if FOUND in codes else max(codes)


if __name__ == "__main__":
    raise SystemExit(main())
