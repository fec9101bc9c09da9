"""Numbers and SIP URIs: what a dialled string means, and whether a party is internal or an emergency service."""

import re
from dataclasses import dataclass

from deskphone.adapters.pjsip.settings import SipSettings
from deskphone.core.call import Party

_URI = re.compile(r"(?P<scheme>sips?):(?:(?P<user>[^@;?>]*)@)?(?P<host>\[[^\]]+\]|[^:;?>]+)(?::(?P<port>\d+))?", re.I)
_NAME_ADDR = re.compile(r'^\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^<"]*?))\s*<(?P<uri>[^>]+)>')
_NUMBER = re.compile(r"^[0-9*#+][0-9*#]*$|^[A-Za-z0-9_.!~'()&=+$,;?/-]+$")


class DialError(ValueError):
    """What was dialled is neither a number that we can complete nor a SIP URI."""


@dataclass(frozen=True, slots=True)
class DialPlan:
    """Completes numbers with the account's domain and classifies parties."""

    domain: str
    transport: str
    internal: re.Pattern[str]
    emergency: frozenset[str]

    @classmethod
    def of(cls, settings: SipSettings) -> "DialPlan":
        """The plan of this configuration; the domain is the first account's unless set."""
        domain = settings.domain
        if not domain and settings.accounts:
            domain = _domain(settings.accounts[0].uri)
        return cls(domain, settings.transport, re.compile(settings.internal), frozenset(settings.emergency))

    def uri(self, dialled: str) -> str:
        """The request URI for a dialled number or URI. Raises `DialError`."""
        text = dialled.strip()
        if not text.lower().startswith(("sip:", "sips:")):
            if not _NUMBER.match(text) and "@" not in text:
                raise DialError(dialled)
            if "@" in text:
                text = f"sip:{text}"
            elif self.domain:
                text = f"sip:{text.replace('#', '%23')}@{self.domain}"
            else:
                raise DialError(dialled)
        match = _URI.match(text)
        if match is None or any(ch in text for ch in '<> \r\n\t"'):
            raise DialError(dialled)
        if self.transport != "udp" and ";transport=" not in text.lower():
            text = f"{text};transport={self.transport}"
        return text

    def party(self, address: str, name: str | None = None) -> Party:
        """The party behind a SIP address: `sip:...`, `"Name" <sip:...>`."""
        display = name
        if found := _NAME_ADDR.match(address):
            address = found["uri"]
            display = name or (found["quoted"] or found["plain"] or "").replace('\\"', '"').strip() or None
        match = _URI.match(address)
        if match is None:
            return Party(address, display, internal=False)
        user = (match["user"] or "").partition(":")[0].replace("%23", "#")
        number = user or match["host"]
        own_domain = bool(self.domain) and _domain(address) == self.domain and not number.lstrip("+").isdigit()
        internal = bool(self.internal.search(number)) or own_domain
        return Party(number, display, internal=internal, emergency=number in self.emergency)


def _domain(uri: str) -> str:
    match = _URI.match(uri)
    if match is None:
        return ""
    return match["host"] + (f":{match['port']}" if match["port"] else "")
