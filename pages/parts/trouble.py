"""What readers are told where something is not as it should be."""

from pages.parts import look, numerals
from pages.parts.words import Words
from queries.builds import Damage


def of_build(damage: Damage, say: Words) -> str:
    """Which build is damaged and since when that is known, what is shown instead, and what to do."""
    found = (
        say("The file of build {build} is gone (found {since}).")
        if damage.gone
        else say("The file of build {build} is damaged (found {since}).")
    )
    told = found.format(build=damage.id, since=numerals.moment(damage.since))
    shown = say("The pages show build {build}, which was served before and is whole.").format(build=damage.served)
    mend = say("To mend it, run python -m queries build on the server; whatever has landed is as it was.")
    return say.pick(" ", "").join((told, shown, mend))


def of_connection(say: Words) -> str:
    """Give page.css what it says where the server cannot be reached, instead of Streamlit's English."""
    title, text = say("Connecting again …"), say("The server cannot be reached; what you chose here stays as it is.")
    return f":root {{ --lost: {look.css_text(title)}; --lost-more: {look.css_text(text)}; }}\n"
