"""What sort of statement a sentence makes: observation, assessment, forecast, recommendation, context."""

from __future__ import annotations

import re

from quidproquo.terms.vocabulary import Role

__all__ = ["role_of"]

_RECOMMEND = re.compile(
    r"\b(?:(?<!who )(?<!that )(?<!which )should|ought to|must|needs? to|has to|have to|need not|it is "
    r"(?:important|vital|essential|necessary)|(?:is|are) (?:important|essential) (?:both )?to|"
    r"recommends?|recommended|urged?|urges|call(?:s|ed)? (?:for|on)|advis\w+|to do so,|(?:can|could) "
    r"(?:still |also |further )?(?:try|work|remind|tell|signal|offer|consider|impose|seek|use|do more|show|"
    r"allay|ease))\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"\b(?:will|won['’]t|shall|is going to|are going to|(?:is|are) (?:likely|unlikely|expected|set|poised|"
    r"due|slated|bound) to|would (?:soon|eventually)|"
    r"expects?|predict\w*|forecast\w*|in the (?:near |coming )?(?:future|weeks|months|years)|could "
    r"(?:embolden|lead|ask|become|trigger|spark|prompt|send|reach|rise)|soon|likely deployment)\b",
    re.IGNORECASE,
)
_ASSESS = re.compile(
    r"\b(?:may|might|could|can|likely|unlikely|probably|perhaps|possibly|believes?|believed|thinks?|think|"
    r"thought|assess\w*|judge[sd]?|suggests?|appears?|seems?|suspects?|"
    r"reportedly|aims?|goals?|in order to|seeks?|wants?|motive|because|due to|shows?|demonstrates?|"
    r"significan\w+|symbol\w+|important\w*|obvious\w*|would|"
    r"opportunity|means|reflects?|signals?|strategy|benefit\w*|increasingly|unprecedented|departure|in "
    r"return for|in exchange for|anticipat\w+|expect\w*|"
    r"learning|gaining|giving|capab\w+|focused on|designed to|intended|effort to|attempt to|vital\w*|"
    r"critical|serious\w*|doubted?|our business|"
    r"game.changer|noticeabl\w+|I would|we would|clue\w*|doubt\w*|convinc\w+|worr\w+|concerned that|risk\w*|"
    r"threat to)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:could|may|might) (?:well )?(?:believe|think|assume|hope|feel|seem)\b|\b(?:is|are) (?:also "
    r")?likely (?:to benefit|also|gaining)",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    r"\b(?:is|was|are) (?:a|an|the) (?:[a-z’'-]+ ){0,6}(?:scientist|analyst|professor|fellow|expert|author|"
    r"director|correspondent|researcher|leader|partner|member|ambassador|"
    r"city|capital|country|province|region|company|agency|organi[sz]ation)\b|\bserved as\b|\bspecializes "
    r"in\b|\bmain trading partner\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|said|signed|sent|began|started|expanded|vetoed|confirmed|announced|"
    r"released|exported|shipped|delivered|"
    r"launched|failed|voiced|expressed|[a-z]{3,}ed)\b"
)


def role_of(text: str, *, numeric: bool, cue_sort: str = "") -> Role:
    """The role of a clause or sentence, from its modal verbs and tense.

    `numeric` says that it states a number, `cue_sort` the class of the attributing cue.

    >>> role_of("The ministry should send more inspectors.", numeric=False)
    'recommendation'
    """
    if numeric:
        future = re.search(
            r"\b(?:will|is expected to|are expected to|expects? to|is set to|are set to|is due to)\b",
            text,
            re.IGNORECASE,
        )
        return (
            "forecast"
            if future is not None and not re.search(r"\b(?:planned|plans?|decided|intends?)\b", text)
            else "observation"
        )
    if _CONTEXT.search(text) and not _ASSESS.search(text):
        return "context"
    if _RECOMMEND.search(text):
        return "recommendation"
    if _SUPPOSED.search(text):
        return "assessment"
    if _FORECAST.search(text):
        return "forecast"
    if _ASSESS.search(text) or cue_sort in {"think", "want"}:
        return "assessment"
    if _PAST.search(text):
        return "observation"
    return "assessment"
