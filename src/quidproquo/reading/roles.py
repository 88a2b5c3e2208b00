"""What sort of statement a sentence makes: observation, assessment, forecast, recommendation, context."""

from __future__ import annotations

import re

from quidproquo.terms.vocabulary import Role

__all__ = ["role_of"]


def _any_of(words: str) -> re.Pattern[str]:
    """A pattern for whole words in lower case, into which a text is put once: faster than to ignore case."""
    return re.compile(rf"\b(?:{words})\b")


_RECOMMEND = _any_of(
    r"(?<!who )(?<!that )(?<!which )should|ought to|must|needs? to|has to|have to|need not|it is "
    r"(?:important|vital|essential|necessary)|(?:is|are) (?:important|essential) (?:both )?to|"
    r"recommends?|recommended|urged?|urges|call(?:s|ed)? (?:for|on)|advis\w+|to do so,|(?:can|could) "
    r"(?:still |also |further )?(?:try|work|remind|tell|signal|offer|consider|impose|seek|use|do more|show|"
    r"allay|ease)",
)
_FORECAST = _any_of(
    r"will|won['’]t|shall|is going to|are going to|(?:is|are) (?:likely|unlikely|expected|set|poised|"
    r"due|slated|bound) to|would (?:soon|eventually)|"
    r"expects?|predict\w*|forecast\w*|in the (?:near |coming )?(?:future|weeks|months|years)|could "
    r"(?:embolden|lead|ask|become|trigger|spark|prompt|send|reach|rise)|soon|likely deployment",
)
_ASSESS = _any_of(
    r"may|might|could|can|likely|unlikely|probably|perhaps|possibly|believes?|believed|thinks?|think|"
    r"thought|assess\w*|judge[sd]?|suggests?|appears?|seems?|suspects?|"
    r"reportedly|aims?|goals?|in order to|seeks?|wants?|motive|because|due to|shows?|demonstrates?|"
    r"significan\w+|symbol\w+|important\w*|obvious\w*|would|"
    r"opportunity|means|reflects?|signals?|strategy|benefit\w*|increasingly|unprecedented|departure|in "
    r"return for|in exchange for|anticipat\w+|expect\w*|"
    r"learning|gaining|giving|capab\w+|focused on|designed to|intended|effort to|attempt to|vital\w*|"
    r"critical|serious\w*|doubted?|our business|"
    r"game.changer|noticeabl\w+|i would|we would|clue\w*|doubt\w*|convinc\w+|worr\w+|concerned that|risk\w*|"
    r"threat to",
)
_SUPPOSED = re.compile(
    r"\b(?:could|may|might) (?:well )?(?:believe|think|assume|hope|feel|seem)\b|\b(?:is|are) (?:also "
    r")?likely (?:to benefit|also|gaining)",
)
_CONTEXT = re.compile(
    r"\b(?:is|was|are) (?:a|an|the) (?:[a-z’'-]+ ){0,6}(?:scientist|analyst|professor|fellow|expert|author|"
    r"director|correspondent|researcher|leader|partner|member|ambassador|"
    r"city|capital|country|province|region|company|agency|organi[sz]ation)\b|\bserved as\b|\bspecializes "
    r"in\b|\bmain trading partner\b",
)
_PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|said|signed|sent|began|started|expanded|vetoed|confirmed|announced|"
    r"released|exported|shipped|delivered|"
    r"launched|failed|voiced|expressed|[a-z]{3,}ed)\b"
)


_AHEAD = _any_of(r"will|is expected to|are expected to|expects? to|is set to|are set to|is due to")
_PLANNED = re.compile(r"\b(?:planned|plans?|decided|intends?)\b")


def role_of(text: str, *, numeric: bool, cue_sort: str = "") -> Role:
    """The role of a clause or sentence, from its modal verbs and tense.

    `numeric` says that it states a number, `cue_sort` the class of the attributing cue.

    >>> role_of("The ministry should send more inspectors.", numeric=False)
    'recommendation'
    """
    lower = text.lower()
    if numeric:
        ahead = _AHEAD.search(lower) is not None and _PLANNED.search(text) is None
        return "forecast" if ahead else "observation"
    assessed = _ASSESS.search(lower) is not None
    if not assessed and _CONTEXT.search(lower):
        return "context"
    if _RECOMMEND.search(lower):
        return "recommendation"
    if assessed and _SUPPOSED.search(lower):  # each of its words is one of an assessment too
        return "assessment"
    if _FORECAST.search(lower):
        return "forecast"
    if assessed or cue_sort in {"think", "want"}:
        return "assessment"
    if _PAST.search(text):
        return "observation"
    return "assessment"
