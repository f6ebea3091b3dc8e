"""The page at which one signs in: plain HTML in the house's look, with nothing of the dashboard in it and no script."""

from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from data import sessions
from pages.parts import look, words

HOME, PLACE = "/", "/signin"
FAILED = "failed"
LONGEST_ADDRESS = 2000


def back_to(address: str | None) -> str:
    """Give an address of this dashboard to come back to, as path and query; HOME where it is none of ours."""
    given = address or HOME
    parts = urlsplit(given) if given.isprintable() and len(given) <= LONGEST_ADDRESS else urlsplit(HOME)
    ours = not parts.netloc and not parts.scheme and parts.path.startswith("/")
    if not ours or "\\" in given or parts.path.startswith("//"):
        return HOME
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def words_of(address: str) -> words.Words:
    """Give the words of the language that an address asks for."""
    return words.of(dict(parse_qsl(urlsplit(address).query)).get("lang"))


def page(why: str, to: str, ways: dict[str, str], lengths: sessions.Lengths, ask: str, login: str = "") -> str:
    """Write the page. `why` is what brought somebody here, `ways` the addresses to sign in at by their names.

    `to` is where they come back to, `ask` whom they ask to be let in, `login` who is not let in.
    """
    say = words_of(to)
    title, lines = _told(why, say, lengths, ask or say("whoever keeps this dashboard"), login)
    other = next(language for language in words.LANGUAGES if language != say.language)
    house = f'<p class="house">{escape(say("Cadre workforce"))}</p>'
    turned = f'<a href="{escape(in_language(to, other, why))}">{words.LANGUAGES[other]}</a>'
    links = "".join(f'<a href="{escape(address)}">{escape(_way(name, why, say))}</a>' for name, address in ways.items())
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="{say.language.replace("_", "-")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<title>{escape(say('Cadre workforce'))}</title><style>{_style()}</style></head><body><main><section>"
        f"{house if title else ''}<h1>{escape(title or say('Cadre workforce'))}</h1>{told}<nav>{links}</nav>"
        f'<p class="note">{escape(say("For people who are let in only; what is opened and taken is logged."))}</p>'
        f"</section></main><footer>{turned}</footer>"
        "</body></html>"
    )


def in_language(to: str, language: str, why: str) -> str:
    """Give the address of this page in another language, in which one then also comes back."""
    parts = urlsplit(to)
    asked = {**dict(parse_qsl(parts.query)), "lang": language}
    return address(f"{parts.path}?{urlencode(asked)}", why)


def address(to: str, why: str = "", place: str = PLACE, provider: str = "") -> str:
    """Give the address of this page, or of one of the ways beside it."""
    given = {"to": to, "why": why, "provider": provider}
    return f"{place}?{urlencode({name: value for name, value in given.items() if value})}"


def _way(name: str, why: str, say: words.Words) -> str:
    if why == sessions.REFUSED:
        return say("Sign in with another account")
    return say("Sign in with {provider}").format(provider=name) if name else say("Sign in")


def _told(why: str, say: words.Words, lengths: sessions.Lengths, ask: str, login: str) -> tuple[str, list[str]]:
    """Say in a title and some lines what brought somebody here; nothing of who has just come."""
    again = say("Sign in again and you are back where you were.")
    ended = say("Your session has ended")
    idle, most = f"{lengths.idle_minutes:g}", f"{lengths.hours:g}"
    account = say("You signed in as {login}.").format(login=login) if login else ""
    told = {
        sessions.IDLE: (ended, [say("Nothing was done for {n} minutes.").format(n=idle), again]),
        sessions.LENGTH: (ended, [say("A session lasts {n} hours at most.").format(n=most), again]),
        sessions.TOKEN: (ended, [say("The proof of your identity has run out."), again]),
        sessions.EVERYWHERE: (ended, [say("All sessions of this account were ended."), again]),
        sessions.UNKNOWN: (ended, [again]),
        sessions.OUT: (say("You have signed out"), []),
        FAILED: (
            say("Signing in did not succeed"),
            [say("Try once more; if it fails again, ask {whom}.").format(whom=ask)],
        ),
        sessions.REFUSED: (
            say("Nobody has let you in yet"),
            [line for line in (account, say("Ask {whom} to let this account in.").format(whom=ask)) if line],
        ),
    }
    return told.get(why, ("", []))


def _style() -> str:
    dark = look.css_variables(look.DARK)
    css = (Path(__file__).parent / "doorway.css").read_text(encoding="utf-8")
    return f"{look.css_variables(look.LIGHT)}@media (prefers-color-scheme: dark) {{ {dark} }}{css}"
