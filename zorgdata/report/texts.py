"""The words of the reports, kept in ``templates/texts/<language>.toml`` so that a region can reword them."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from zorgdata.assets import asset
from zorgdata.errors import UsageError
from zorgdata.report.language import computed

_Entries = dict[str, str | tuple[str, ...]]


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
        # What a fixed text says of itself ("WCAG 2.1") is no figure.
        computed(text)
        return text.format_map({name: _filled(value) for name, value in fields.items()})

    def many(self, key: str, **fields: object) -> tuple[str, ...]:
        """The texts of a list, each with its fields filled in."""
        texts = self.entries[key]
        for text in texts:
            computed(text)
        return tuple(t.format_map({n: _filled(v) for n, v in fields.items()}) for t in texts)

    def label(self, group: str, key: str) -> str:
        """The text ``group.key``, or the key itself when the group does not know it."""
        text = self.entries.get(f"{group}.{key}", key)
        return text if isinstance(text, str) else key


def _filled(value: object) -> str:
    """A field as it is printed; a number that is no text yet was counted here."""
    return value if isinstance(value, str) else computed(str(value))


def load_texts(language: str = "nl", override: Path | None = None) -> Texts:
    """Texts of a language, with a region's own file on top; that file may only replace what exists."""
    path = asset("templates", "texts", f"{language}.toml")
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in asset("templates", "texts").glob("*.toml")))
        raise UsageError(f"There are no report texts in language {language!r}.", f"There are: {known}.")
    entries = _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    if override is not None:
        entries.update(_own(override, entries, path.name))
    return Texts(language, entries)


def _own(override: Path, entries: Mapping[str, str | tuple[str, ...]], name: str) -> _Entries:
    """A region's own texts, refused with the key when a report would not know or could not fill one in."""
    try:
        own = _flat(tomllib.loads(override.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{override.name} is no valid TOML in UTF-8: {error}", "Mend that line.") from None
    for key, text in own.items():
        if key not in entries:
            near = difflib.get_close_matches(key, list(entries), n=1, cutoff=0.5)
            raise UsageError(
                f"{override.name} replaces a text that no report uses: {key}.",
                f"Did you mean {near[0]}?" if near else f"The keys are those of {name}.",
            )
        if isinstance(text, str) != isinstance(entries[key], str):
            kind = "one text" if isinstance(entries[key], str) else "a list of texts"
            raise UsageError(f"{override.name}: {key} must be {kind}.", f"See {key} in {name}.")
        try:
            asked = fields(text)
        except ValueError:
            raise UsageError(
                f"{override.name}: {key} has a brace that does not close.", "Write {{ for a plain brace."
            ) from None
        unknown = sorted(asked - fields(entries[key]))
        if unknown:
            known = ", ".join(f"{{{f}}}" for f in sorted(fields(entries[key]))) or "none"
            raise UsageError(
                f"{override.name}: {key} asks for {{{unknown[0]}}}, which this text does not get.",
                f"Fields of this text: {known}.",
            )
    return own


def fields(text: str | tuple[str, ...]) -> set[str]:
    """The names between braces in a text or in a list of texts. ValueError: a brace that does not close."""
    texts = (text,) if isinstance(text, str) else text
    return {name for t in texts for _, name, _, _ in Formatter().parse(t) if name is not None}


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str | tuple[str, ...]]:
    flat: dict[str, str | tuple[str, ...]] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = tuple(value) if isinstance(value, list) else str(value)
    return flat
