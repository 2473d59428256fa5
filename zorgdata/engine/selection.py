"""Which models a ``--select`` means: ``core.child``, ``+core.child``, ``core.child+``, ``tag:b``."""

from difflib import get_close_matches
from fnmatch import fnmatchcase

from zorgdata.engine.model import Models
from zorgdata.errors import UsageError


def select_models(models: Models, selector: str | None) -> set[str]:
    """Names of the models that ``selector`` means; all when it is None.

    Terms are separated by spaces or commas and add up. ``+`` before a term adds all it is made from, ``+``
    after it all that is made from it. A term is a name, a pattern with ``*``, or ``tag:`` with a tag.
    Raises UsageError when a term means nothing.
    """
    if selector is None:
        return set(models.by_name)
    chosen: set[str] = set()
    for term in selector.replace(",", " ").split():
        pattern = term.strip("+")
        matches = _match(models, pattern)
        chosen |= matches
        for name in matches:
            if term.startswith("+"):
                chosen |= models.ancestors(name)
            if term.endswith("+"):
                chosen |= models.descendants(name)
    return chosen


def _match(models: Models, pattern: str) -> set[str]:
    if pattern.startswith("tag:"):
        tag = pattern.removeprefix("tag:")
        found = {model.name for model in models if tag in model.header.tags}
    else:
        found = {name for name in models.by_name if fnmatchcase(name, pattern)}
    if not found:
        near = get_close_matches(pattern, list(models.by_name), n=3)
        hint = (
            f"Did you mean {', '.join(near)}?" if near else "Use a name, schema.*, tag:x, +model or model+."
        )
        raise UsageError(f"No model is called {pattern!r}.", hint)
    return found
