"""The word lists that ship, as data. A list that changes gets a new number in domain/lexicons.py.

Cheng et al. (arXiv 2506.14758) name a dozen pivotal words and publish no list: these contain the
words they name, and what a reader would put beside them. What mostly means something else in maths
is left out, as `second`, a time.
"""


def listed(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",")]


ENGLISH = {
    "causal": listed("""
        because, since, therefore, thus, hence, so, consequently, accordingly, as a result, due to,
        this means, that means, which means, it follows, follows that
    """),
    "contrastive": listed("""
        however, although, though, even though, but, yet, instead, whereas, despite, nevertheless,
        nonetheless, otherwise, rather, unless, alternatively, on the other hand, in contrast,
        conversely, except
    """),
    "sequential": listed("""
        first, firstly, secondly, thirdly, then, next, finally, lastly, afterwards, after that,
        to start, to begin, subsequently, now
    """),
    "verbs": listed("""
        suggest*, demonstrat*, assum*, suppose, supposes, supposed, supposing, conclud*, imply,
        implies, implied, implying, indicat*, deduc*, infer, infers, inferred, inferring, prove,
        proves, proved, proving, proven, show, shows, showed, shown, showing, consider*, determin*
    """),
    "other": listed("""
        recall, recalls, recalling, if, note, notice, given, in fact, for example, for instance,
        in other words, namely, similarly, likewise, also, maybe, perhaps, possibly, in general,
        in particular, let, let's
    """),
}

REFLECTIVE = listed("""
    wait, hmm, hold on, oops, on second thought, let me check, let me verify, let me re*,
    let me try, let me think, let's check, let's verify, let's re*, check, checks, checked,
    checking, double-check*, recheck*, re-check*, verif*, re-examin*, reexamin*, reconsider*,
    rethink*, re-evaluat*, reevaluat*, sanity check, make sure, is this correct, is that correct,
    is this right, is that right, am i sure, are we sure, not sure, mistake*, made an error,
    that's wrong, that is wrong, this is wrong, that's not right, that is not right, not correct,
    incorrect, try again, start over, go back, going back, actually
""")

COUNTDOWN = {"operators": ["+", "-", "*"]}
