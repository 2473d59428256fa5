"""Keyed pseudonyms: the only room that touches a BSN."""

from zorgdata.pseudonym.keyed import Pseudonymiser
from zorgdata.pseudonym.replace import Replaced, replace_identity

__all__ = ["Pseudonymiser", "Replaced", "replace_identity"]
