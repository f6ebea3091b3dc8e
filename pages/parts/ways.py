"""How a server is signed into: by `[auth]` and `[signing]` of Streamlit's secrets, by a proxy's headers, or not."""

import dataclasses
import ipaddress
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from data import sessions
from data.sessions import Lengths

PROXY = "CADRE_PROXY"
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""The headers by which a proxy tells that it stands between."""
DEFAULT = "default"
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
CLAIMS = {"login": "sub", "name": "name", "groups": "groups"}
"""What OpenID Connect calls the login, the name and the groups of a person; `[signing]` may say otherwise."""
LONGEST_HOURS = sessions.FORGOTTEN_SECONDS // 3600
TOO_LONG = (
    "hours = {given} in [signing] is longer than sessions are kept; write {most} at most. "
    "[signing] 的 hours = {given} 超过登录状态的保存时间，最多为 {most}。"
)
IP = ipaddress.IPv4Network | ipaddress.IPv6Network
BOTH = (
    "Both [auth] and server.trustedUserHeaders are set; take one of them out. "
    "[auth] 与 server.trustedUserHeaders 不能同时设置，请删去其一。"
)
BELOW = (
    "server.baseUrlPath is set, and one signs in at the top of an address only; give the dashboard a name of its own. "
    "已设置 server.baseUrlPath；登录只支持根路径，请为本系统使用独立域名。"
)
LACKS = (
    "[auth] of .streamlit/secrets.toml lacks {what}; see README. "
    ".streamlit/secrets.toml 的 [auth] 缺少 {what}，见 README。"
)
SHORT = (
    "cookie_secret of [auth] is too short; write {least} random characters or more. "
    "[auth] 的 cookie_secret 过短，请使用不少于{least}位的随机字符。"
)
PLAIN = (
    "{address} in [auth] is not https; signing in over the network must be encrypted. "
    "[auth] 中的 {address} 不是 https 地址；网络登录必须加密。"
)
ELSEWHERE = (
    "redirect_uri of [auth] must end in {path}, as https://cadre.example{path}. "
    "[auth] 的 redirect_uri 应以 {path} 结尾。"
)
UNNAMED = (
    'server.trustedUserHeaders must name a header for login, as {"X-Remote-User": "login"}, and may name one for name '
    "and one for groups. server.trustedUserHeaders 须指明 login 所在的请求头，可另指明 name 和 groups。"
)
NO_ADDRESS = (
    "{proxy} is {given!r}: write the addresses from which the proxy connects, as {proxy}=10.0.0.5. "
    "{proxy} 应写明代理服务器的地址，如 {proxy}=10.0.0.5。"
)
NO_NUMBER = "{key} of [signing] is {given!r}; write a number above 0. [signing] 的 {key} 应为正数。"


class SigningError(ValueError):
    """What is set makes no sign-in; says what and how to mend it, in both languages."""


@dataclasses.dataclass(frozen=True, slots=True)
class Way:
    """How one signs in: by a provider of identities, by the headers of a proxy, or not at all.

    `origin` is the address that people know (https://cadre.example); `named` says which claim or header holds the
    login, the name and the groups of a person; `proxies` may send such headers; `ask` is whom to ask to be let in.
    """

    kind: Literal["none", "oidc", "headers"]
    lengths: Lengths = dataclasses.field(default_factory=Lengths)
    ask: str = ""
    origin: str = ""
    providers: tuple[str, ...] = ()
    named: Mapping[str, str] = dataclasses.field(default_factory=dict)
    proxies: tuple[IP, ...] = ()

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token; by https it is bound to this very host."""
        return "__Host-cadre" if self.origin.startswith("https:") else "cadre"


def of(secrets: Mapping[str, Any], headers: Mapping[str, str], proxies: str, below: str = "") -> Way:
    """Give the way that is set; SigningError where it is none.

    `headers` is what each header of a proxy holds ({"X-Remote-User": "login"}), `proxies` are its addresses, `below`
    the path that the dashboard lies below.
    """
    more = secrets.get("signing", {})
    if "auth" in secrets and headers:
        raise SigningError(BOTH)
    if ("auth" in secrets or headers) and below:
        raise SigningError(BELOW)
    if "auth" in secrets:
        return _by_provider(secrets["auth"], more)
    return _by_headers(headers, proxies, more) if headers else Way("none")


def _by_provider(auth: Mapping[str, Any], more: Mapping[str, Any]) -> Way:
    named = {name: value for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value}
    providers = named or {DEFAULT: auth}
    lacking = [key for key in ("redirect_uri", "cookie_secret") if key not in auth]
    lacking += [f"{name}.{key}" for name, value in providers.items() for key in PROVIDER_KEYS if key not in value]
    if lacking:
        raise SigningError(LACKS.format(what=", ".join(lacking)))
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise SigningError(SHORT.format(least=SHORTEST_SECRET))
    redirect = auth["redirect_uri"]
    if not urlsplit(redirect).path.endswith(CALLBACK):
        raise SigningError(ELSEWHERE.format(path=CALLBACK))
    for address in (redirect, *(value["server_metadata_url"] for value in providers.values())):
        parts = urlsplit(address)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise SigningError(PLAIN.format(address=address))
    origin = f"{urlsplit(redirect).scheme}://{urlsplit(redirect).netloc}"
    claims = {what: str(more.get(what, claim)) for what, claim in CLAIMS.items()}
    return Way("oidc", _lengths(more), str(more.get("ask", "")), origin, tuple(providers), claims)


def _by_headers(headers: Mapping[str, str], proxies: str, more: Mapping[str, Any]) -> Way:
    named = {what: header.lower() for header, what in headers.items()}
    if "login" not in named or not named.keys() <= CLAIMS.keys():
        raise SigningError(UNNAMED)
    try:
        addresses = tuple(ipaddress.ip_network(each.strip()) for each in proxies.split(",") if each.strip())
    except ValueError as error:
        raise SigningError(NO_ADDRESS.format(proxy=PROXY, given=proxies)) from error
    if not addresses:
        raise SigningError(NO_ADDRESS.format(proxy=PROXY, given=proxies))
    # the browser speaks to the proxy, by https unless it is on this machine
    at_home = all(is_loopback(str(network.network_address)) for network in addresses)
    origin = str(more.get("origin", "http://localhost" if at_home else "https://"))
    return Way("headers", _lengths(more), str(more.get("ask", "")), origin, (), named, addresses)


def _lengths(more: Mapping[str, Any]) -> Lengths:
    given = {field.name: more.get(field.name, field.default) for field in dataclasses.fields(Lengths)}
    for key in ("hours", "idle_minutes"):
        if isinstance(given[key], bool) or not isinstance(given[key], int | float) or given[key] <= 0:
            raise SigningError(NO_NUMBER.format(key=key, given=given[key]))
    if given["hours"] > LONGEST_HOURS:
        raise SigningError(TOO_LONG.format(given=given["hours"], most=LONGEST_HOURS))
    return Lengths(**given)


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own, which nobody else can reach."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
