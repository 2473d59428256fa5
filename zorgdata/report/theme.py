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


TEXT_ON: tuple[tuple[str, str], ...] = (
    ("ink", "paper"),
    ("ink", "wash"),
    ("ink", "signal-soft"),
    ("ink-soft", "paper"),
    ("ink-soft", "wash"),
    ("accent", "paper"),
    ("accent", "wash"),
    ("accent-strong", "paper"),
    ("accent-strong", "wash"),
    ("on-accent", "accent-strong"),
    ("on-accent-soft", "accent-strong"),
    *((f"on-seq-{i}", f"seq-{i}") for i in range(1, 6)),
)
"""Colours that carry text, with what they stand on."""


def unreadable(theme: Theme) -> list[str]:
    """Pairs of text and ground below a contrast of 4.5, in words; a colour that is no ``#rrggbb`` counts too,
    because the charts need it as a number."""
    found = []
    for name in sorted({name for pair in TEXT_ON for name in pair}):
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", theme[name]):
            found.append(f"--{name} is no colour like #0b4957")
    if found:
        return found
    for text, ground in TEXT_ON:
        ratio = contrast(theme[text], theme[ground])
        if ratio < 4.5:
            found.append(f"--{text} on --{ground} has {ratio:.1f}")
    return found


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = (int(colour.lstrip("#")[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
