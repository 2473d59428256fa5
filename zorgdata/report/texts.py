"""The words of the reports, kept in ``templates/texts/<language>.toml`` so that a region can reword them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zorgdata.assets import asset
from zorgdata.errors import UsageError


@dataclass(frozen=True)
class Texts:
    """Texts by dotted key; ``texts("brief.share", share="12 %")`` fills the fields in."""

    language: str
    entries: Mapping[str, str | tuple[str, ...]]

    def __call__(self, key: str, /, **fields: object) -> str:
        """The text of this key with its fields filled in; a list is an error here."""
        text = self.entries[key]
        if not isinstance(text, str):
            raise TypeError(f"{key} is a list of texts")
        return text.format_map({name: str(value) for name, value in fields.items()})

    def many(self, key: str, **fields: object) -> tuple[str, ...]:
        """The texts of a list, each with its fields filled in."""
        texts = self.entries[key]
        return tuple(t.format_map({n: str(v) for n, v in fields.items()}) for t in texts)

    def label(self, group: str, key: str) -> str:
        """The text ``group.key``, or the key itself when the group does not know it."""
        text = self.entries.get(f"{group}.{key}", key)
        return text if isinstance(text, str) else key


def load_texts(language: str = "nl", override: Path | None = None) -> Texts:
    """Texts of a language, with a region's own file on top; that file may only replace what exists."""
    path = asset("templates", "texts", f"{language}.toml")
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in asset("templates", "texts").glob("*.toml")))
        raise UsageError(f"There are no report texts in language {language!r}.", f"There are: {known}.")
    entries = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    if override is not None:
        own = _flat(tomllib.loads(override.read_text(encoding="utf-8")))
        unknown = sorted(set(own) - set(entries))
        if unknown:
            raise UsageError(
                f"{override.name} replaces texts that no report uses: {', '.join(unknown[:5])}.",
                f"The keys are those of {path.name}.",
            )
        entries.update(own)
    return Texts(language, entries)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str | tuple[str, ...]]:
    flat: dict[str, str | tuple[str, ...]] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = tuple(value) if isinstance(value, list) else str(value)
    return flat
