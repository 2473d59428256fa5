"""The look as data: custom properties of the stylesheet, read by the charts and by the contrast test.

A region changes its look with one CSS file that sets the same custom properties; it is appended to the
stylesheet. Such a file may set properties and rules but may not fetch anything or leave its element.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zorgdata.errors import UsageError

_PROPERTY = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;}]+)[;}]")
_FORBIDDEN = re.compile(r"</|<!|@import|url\s*\(|expression\s*\(|image-set\s*\(|\\", re.IGNORECASE)


@dataclass(frozen=True)
class Theme(Mapping[str, str]):
    """Custom properties of the screen theme by name without dashes."""

    properties: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        for key, value in self.properties:
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self.properties)

    def __len__(self) -> int:
        return len(self.properties)


def read_theme(stylesheet: str) -> Theme:
    """Custom properties of every ``:root`` block outside ``@media``; a later one wins."""
    found: dict[str, str] = {}
    for block in re.findall(r"(?m)^:root\s*\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", stylesheet, flags=re.S)):
        found.update({key: value.strip() for key, value in _PROPERTY.findall(block + ";")})
    return Theme(tuple(sorted(found.items())))


def check_override(css: str) -> str:
    """A region's own CSS, refused when it could load something or break out of ``<style>``."""
    if match := _FORBIDDEN.search(css):
        raise UsageError(
            f"The theme may not contain {match.group(0)!r}.",
            "A theme sets custom properties and rules only; give a logo as a file of its own.",
        )
    return css


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = (int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
