"""Words that attribute: verbs by what they take after them, nouns, and verbs that deny."""

from __future__ import annotations

__all__ = ["CLOSING", "DENIALS", "INFORMED", "NOUN_LIKE", "PASSIVES", "PERCEIVING", "VERBS", "WANTS"]

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
    "express voice utter proclaim pronounce affirm attest swear:swears,swore,sworn vouch discover "
    "certify:certifies,certified,certifying recount narrate restate advertise verify:verifies,verified,verifying "
    "highlight outline detail identify:identifies,identified demonstrate assess judge evaluate conjecture "
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
    "document prove illustrate depict count record project rule:ruled,rules"
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
    "blasts shot shoot remarking rule interprets".split()
)
for _form in _NOT_CUES:
    VERBS.pop(_form, None)
# Cues of several words; the tokens of a sentence hold each as one.
VERBS |= dict.fromkeys(
    ("point out", "points out", "pointed out", "pointing out", "speaks of", "spoke of", "speak of"), "say"
)
# Forms that are nouns as often as verbs: a plural subject must stand before the bare form.
NOUN_LIKE = frozenset(
    "support supports offer offers demand demands request requests promise promises pledge pledges doubt doubts "
    "fear fears hope hopes praise call calls claim claims report reports estimate estimates forecast forecasts "
    "plan note notes concern concerns attempt attempts mention vow vows respect regret regrets love wish hint "
    "hints signal signals joke jokes challenge challenges suspect suspects detail details outline outlines "
    "highlight highlights blame counter stress sense state point need press view figure quote quotes document "
    "documents reply like back record records release releases threat proposal warning judge judges cost "
    "account accounts count counts approach desire respond favor favour respects wishes dream "
    "voice voices brand brands echo echoes dispute disputes appeal guess reading decline declines "
    "blast fume rant rail slam hail boast boasts lament laments whisper whispers shout shouts remark mock tout "
    "fault quip quips brag "
    "project projects rules relay relays label labels rebuke censure salute plea".split()
)
# Verbs that close a sentence whose content stands before them without quotation marks.
CLOSING = frozenset(
    "complains laments cautions asserts contends maintains acknowledges admits concedes discloses "
    "assessed says say said told tells reported reports found finds showed shows show warned warns "
    "announced announces added adds claimed claims estimated estimates predicted predicts revealed "
    "reveals indicated indicates noted notes argued argues concluded concludes confirmed confirms stated "
    "states insisted insists believes believe wrote writes acknowledged admitted explained explains "
    "suggested suggests stressed cautioned declared asserted maintained contended alleged alleges "
    "conceded disclosed discovered promised forecast forecasts recalled complained joked observed "
    "assesses calculated determined mentioned emphasized emphasised reiterated testified tweeted posted "
    "denied denies points out pointed vowed pledged put it estimate claim report reckons reckon "
    "calculates thinks think according to expect expects expected hinted recorded understands".split()
) | {"point out", "points out", "pointed out"}
# Verbs of finding and noticing: with a bare noun they tell of a deed, not of words.
PERCEIVING = frozenset(
    "added adds add found discovered discovers observed observes observe noticed notices heard hears "
    "knew knows know "
    "remembered remembers "
    "understood understands saw recalled recalls recall sensed senses "
    "demonstrated "
    "demonstrates proved proves illustrated reflected reflects responded responds respond replied "
    "signaled signalled".split()
)
DENIALS = frozenset(_forms(_DENY, "deny"))
PASSIVES = frozenset(
    "believed reported said thought expected estimated alleged rumoured rumored understood known considered "
    "assumed "
    "feared claimed suspected presumed deemed reputed".split()
)
# Those who are told are no subject of what is told: "residents were told by the mayor that …".
INFORMED = frozenset("told informed warned assured advised notified reminded".split())
