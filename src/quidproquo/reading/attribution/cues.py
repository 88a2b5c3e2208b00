"""Words that attribute: verbs by what they take after them, nouns, and verbs that deny."""

from __future__ import annotations

__all__ = ["DENIALS", "NOUNS", "PASSIVES", "VERBS", "WANTS"]

# Each stem stands for its forms; irregular ones are written out.
_SAY = (
    "say:says,said,saying tell:tells,told,telling add note announce report confirm explain state claim "
    "argue acknowledge:acknowledged,acknowledges,acknowledging "
    "admit:admits,admitted,admitting declare suggest warn insist contend assert maintain reveal disclose "
    "recall "
    "remark observe comment concede conclude complain stress emphasize emphasise underscore reiterate repeat "
    "write:writes,wrote,written,writing tweet post reply:replies,replied,replying respond answer ask "
    "testify:testifies,testified,testifying allege "
    "predict estimate forecast caution counter joke quip boast brag lament mutter whisper shout joked exclaim "
    "inform assure remind advise notify:notifies,notified,notifying describe characterize characterise "
    "portray dub brand call denounce condemn criticize criticise "
    "blast slam accuse blame praise laud hail tout deride mock dismiss reject deny:denies,denied,denying "
    "dispute refute rebut decry:decries,decried,decrying deplore "
    "signal indicate imply:implies,implied,implying hint elaborate summarize summarise "
    "clarify:clarifies,clarified,clarifying specify:specifies,specified,specifying mention cite quote "
    "express voice utter proclaim pronounce affirm attest swear:swears,swore,sworn vouch "
    "certify:certifies,certified recount relate narrate "
    "point:points,pointed,pointing highlight outline detail demonstrate assess judge evaluate conjecture "
    "theorize postulate opine muse "
    "continue chime interject retort shoot fire fume vent rant rail echo agree:agrees,agreed,agreeing "
    "disagree:disagrees,disagreed testify relay"
)
_THINK = (
    "believe think:thinks,thought,thinking expect hope fear worry:worries,worried,worrying doubt suspect "
    "assume presume consider "
    "feel:feels,felt,feeling know:knows,knew,known understand:understands,understood see:sees,saw realize "
    "realise recognize recognise imagine anticipate "
    "speculate guess reckon figure suppose wonder remember:remembers,remembered forget:forgets,forgot "
    "hear:hears,heard learn find:finds,found,finding "
    "notice sense deem view regard foresee:foresees,foresaw envision calculate determine "
    "prefer:prefers,preferred like love hate dislike enjoy:enjoys,enjoyed respect admire "
    "oppose support favor favour welcome resent regret:regrets,regretted appreciate mean:means,meant dream "
    "concern interpret"
)
_WANT = (
    "want plan:plans,planned,planning intend aim vow pledge promise threaten urge demand call request "
    "require propose recommend offer:offers,offered,offering refuse decline agree "
    "seek:seeks,sought,seeking wish desire need decide choose:chooses,chose,chosen resolve "
    "order:orders,ordered invite encourage "
    "implore beg:begs,begged plead press challenge appeal advocate endorse back approve "
    "commit:commits,committed,committing prepare hope expect "
    "push lobby:lobbies,lobbied ask try:tries,tried,trying attempt"
)
_SHOW = (
    "show:shows,showed,shown,showing suggest indicate find:finds,found reveal say:says,said report "
    "read:reads conclude estimate put:puts,put state note reflect confirm "
    "document prove illustrate depict"
)
_DENY = "deny:denies,denied,denying reject dismiss dispute refute rebut disavow disclaim repudiate"


def _forms(stems: str, sort: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for item in stems.split():
        stem, _, listed = item.partition(":")
        if listed:
            for form in listed.split(","):
                table[form] = sort
            table[stem] = sort
            continue
        if stem.endswith("e"):
            forms = (stem, stem + "s", stem + "d", stem[:-1] + "ing")
        elif stem.endswith(("s", "sh", "ch", "x")):
            forms = (stem, stem + "es", stem + "ed", stem + "ing")
        else:
            forms = (stem, stem + "s", stem + "ed", stem + "ing")
        for form in forms:
            table[form] = sort
    return table


VERBS: dict[str, str] = {
    **_forms(_SHOW, "show"),
    **_forms(_WANT, "want"),
    **_forms(_THINK, "think"),
    **_forms(_SAY, "say"),
}
WANTS = frozenset(_forms(_WANT, "want"))
# Forms that are far more often nouns, adjectives or verbs of doing.
_NOT_CUES = frozenset(
    "states tweet tweets mean means meant meaning known maintain maintains maintaining continue continues "
    "continuing aim aims aimed aiming try tries tried trying "
    "comments comment appeal appeals answers answer remarks plan posts post view figure figures calling "
    "learn learns learned find finds finding needed need needs "
    "push pushes pushed press presses pressed back backs order orders invite invites fire fires fired "
    "blasts shot shoot calculates remarking interprets".split()
)
for _form in _NOT_CUES:
    VERBS.pop(_form, None)
DENIALS = frozenset(_forms(_DENY, "deny"))
PASSIVES = frozenset(
    "believed reported said thought expected estimated alleged rumoured rumored understood known considered "
    "assumed "
    "feared claimed suspected presumed deemed reputed".split()
)
NOUNS = frozenset(
    "statement report reports estimate estimates assessment assessments study studies survey poll polls "
    "article "
    "interview letter memo analysis testimony briefing announcement claim claims warning belief hope hopes "
    "fear fears "
    "concern concerns view views opinion suggestion allegation allegations accusation accusations promise "
    "pledge vow "
    "call calls demand demands proposal plan plans conclusion finding findings idea notion argument comment "
    "comments "
    "remark remarks prediction speculation assertion contention confidence doubt doubts expectation "
    "expectations".split()
)
