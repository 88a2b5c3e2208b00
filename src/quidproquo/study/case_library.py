"""The cases that come with the package: listed, and copied to change them."""

from __future__ import annotations

from pathlib import Path

from quidproquo import cases

__all__ = ["copy_case", "list_cases"]


def list_cases() -> list[dict[str, object]]:
    """The cases that come with the package."""
    return [{"name": summary.name, "title": summary.title} for summary in cases.list_cases()]


def copy_case(name: str, directory: Path) -> Path:
    """Copy a shipped case into a new folder."""
    return cases.copy_case(name, directory)
