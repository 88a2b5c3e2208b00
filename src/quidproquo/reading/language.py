"""Telling the language of a text from its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter

__all__ = ["language_of"]

_SCRIPTS = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_STOPWORDS = {
    "en": "the of and to in that is was for with on as by at from are were be has have it its this which "
    "not said but will",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an "
    "werden aus er hat dass",
    "fr": "le la les de des du et à en un une dans est que qui pour sur par au avec ne pas plus il a ce "
    "sont ont",
    "es": "el la los las de del y en un una que es por con para se no al su como más ha son lo fue",
    "it": "il lo la i gli le di del della e in un una che è per con non si da al dei delle sono ha più",
    "pt": "o a os as de do da dos das e em um uma que é por com para não se no na ao mais foi são",
    "nl": "de het een van en in op te dat is voor met zijn aan niet die er om ook als door naar bij",
    "pl": "w i na z do się nie że to jest o za od po przez jak dla są oraz był",
    "sv": "och i att det som en på är av för med till den har de inte om ett",
    "id": "yang dan di dengan untuk dari ini itu tidak pada dalam akan ke oleh",
    "tr": "ve bir bu için ile da de olarak olan daha çok en ise gibi",
    "vi": "và của các có là được trong cho một với không đã những người",
}
_PROFILES = {name: frozenset(words.split()) for name, words in _STOPWORDS.items()}
_CYRILLIC_UK = re.compile(r"[іїєґІЇЄҐ]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 20_000
_SHARE = 0.25
_FEW = 6


def language_of(text: str) -> str:
    """The two-letter code of a text's language; "" where it has too few words to tell.

    >>> language_of("The agency said that the crates were on the way to the port.")
    'en'
    """
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters == 0:
        return ""
    for name, pattern in _SCRIPTS:
        share = len(pattern.findall(sample)) / letters
        if share > _SHARE:
            if name == "ru" and _CYRILLIC_UK.search(sample):
                return "uk"
            return name
    words = [word.lower() for word in _WORD.findall(sample)]
    counts = Counter(words)
    scores = {name: sum(counts[word] for word in profile) for name, profile in _PROFILES.items()}
    best = max(scores, key=lambda name: (scores[name], name == "en"))
    if scores[best] < max(2, 0.05 * len(words)):
        return "en" if len(words) < _FEW or scores["en"] > 0 else ""
    return "en" if scores["en"] >= scores[best] else best
