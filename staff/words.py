"""Differences between two texts, word by word, and the merging of two changes of one text."""

import re
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")


def words(text):
    return WORD.findall(text)


def difference(old, new):
    """[(kind, text)], kind being "same", "out" (only in the old text) or "in" (only in the new one)."""
    before, after = words(old), words(new)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(before[a:b])))
        else:
            found += [("out", "".join(before[a:b]))] if b > a else []
            found += [("in", "".join(after[c:d]))] if d > c else []
    return found


def merged(base, mine, theirs):
    """Both changes of a text in one, where they touch different words; else `mine`."""
    origin = words(base)
    edits = sorted([*_edits(origin, words(mine)), *_edits(origin, words(theirs))])
    found, at, last = [], 0, None
    for begin, end, text in dict.fromkeys(edits):
        if begin < at or begin == last:
            return mine
        found += [*origin[at:begin], text]
        at, last = end, begin
    return "".join([*found, *origin[at:]])


def _edits(before, after):
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(a, b, "".join(after[c:d])) for kind, a, b, c, d in codes if kind != "equal"]
