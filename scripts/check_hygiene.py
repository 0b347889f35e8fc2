"""No tracked file names a package index, a host of a registry, or a path of somebody's machine."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().relative_to(ROOT).as_posix()
LARGEST_BYTES = 2_000_000

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.$])/(?:work|home/\w+|Users/\w+|opt/wheels|root/)\b"),
    "a package index": re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|pypi\.org/simple|pythonhosted"),
    "unfinished business": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
    "a merge conflict": re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE),
    "a private key": re.compile(r"-----BEGIN (?:\w+ )?PRIVATE KEY-----\n[A-Za-z0-9+/]{40}"),
}


def findings_in(name: str, text: str) -> Iterator[str]:
    """What should not be in this file, with its line."""
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{name}:{line}: {what}: {match.group().strip()[:60]}"


def main() -> int:
    """Print what is found; 1 if anything is."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    findings: list[str] = []
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if name == HERE or not file.is_file():
            continue
        content = file.read_bytes()
        if len(content) > LARGEST_BYTES:
            findings.append(f"{name}: {len(content):,} bytes (at most {LARGEST_BYTES:,})")
        findings += findings_in(name, content.decode(errors="replace"))
    print("\n".join(findings) or "hygiene: nothing found")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
